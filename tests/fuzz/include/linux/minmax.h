/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _HB_FUZZ_MINMAX_H
#define _HB_FUZZ_MINMAX_H

#define min_t(_t, _a, _b) ({						\
	_t __a = (_a);							\
	_t __b = (_b);							\
	__a < __b ? __a : __b; })
#define max_t(_t, _a, _b) ({						\
	_t __c = (_a);							\
	_t __d = (_b);							\
	__c > __d ? __c : __d; })
#define min(_a, _b)		min_t(typeof((_a) + (_b)), _a, _b)
#define max(_a, _b)		max_t(typeof((_a) + (_b)), _a, _b)
#define max3(_a, _b, _c)	max(max(_a, _b), _c)
#define clamp_t(_t, _x, _l, _h)	min_t(_t, max_t(_t, _x, _l), _h)
#define clamp(_x, _l, _h)	clamp_t(typeof(_x), _x, _l, _h)

#endif /* _HB_FUZZ_MINMAX_H */
