/* SPDX-License-Identifier: GPL-2.0 */
/* From what an operator writes to values. Pure: text in, value or a reason out,
 * no files, no sockets, no exit. Made to be fuzzed.
 */
#ifndef HBCTL_PARSE_H
#define HBCTL_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <net/if.h>
#include <linux/types.h>
#include <linux/hb.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* Base64 of a key, and what a buffer for it needs with the end of a string. */
#define HB_KEY_TEXT_LEN		44
#define HB_KEY_TEXT_SIZE	(HB_KEY_TEXT_LEN + 1)

/**
 * struct hb_addr - where a peer is
 * @len: bytes of @bytes in use: 4 for IPv4, 16 for IPv6, 0 for none
 * @bytes: address in network byte order
 * @dev: name of the device behind a percent sign, or empty
 */
struct hb_addr {
	unsigned int len;
	unsigned char bytes[16];
	char dev[IF_NAMESIZE];
};

/* Each returns NULL, or says what is wrong in a few words. */
const char *hb_parse_uint(const char *s, __u64 *val);
const char *hb_parse_duration(const char *s, __u64 *ns);
const char *hb_parse_size(const char *s, __u64 *bytes);
const char *hb_parse_dev(const char *s, char dev[IF_NAMESIZE]);
const char *hb_parse_addr(const char *s, struct hb_addr *addr);
const char *hb_parse_key(const char *text, size_t len,
			 unsigned char key[HB_KEY_LEN]);

void hb_parse_format_key(const unsigned char key[HB_KEY_LEN],
			 char text[HB_KEY_TEXT_SIZE]);
unsigned int hb_parse_distance(const char *a, const char *b);

#endif
