/* SPDX-License-Identifier: GPL-2.0 */
/* Key files: one line of base64 of 32 bytes, for the owner's eyes only. */
#ifndef HBCTL_KEY_H
#define HBCTL_KEY_H

#include <linux/hb.h>

int hb_key_read(const char *path, unsigned char key[HB_KEY_LEN]);

#endif
