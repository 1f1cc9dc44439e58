/* SPDX-License-Identifier: GPL-2.0 */
/* What an operator wants of a node or a peer, from words to attributes. */
#ifndef HBCTL_CFG_H
#define HBCTL_CFG_H

#include <netlink/msg.h>

#include "parse.h"

/* Commands that take words, and every word. */
enum hb_cfg_cmd {
	HB_CFG_NODE_SET = 0x1,
	HB_CFG_PEER_ADD = 0x2,
	HB_CFG_PEER_SET = 0x4,
};

enum hb_word {
	HB_WORD_NAME,
	HB_WORD_ADDR,
	HB_WORD_DEV,
	HB_WORD_PORT,
	HB_WORD_INTERVAL,
	HB_WORD_MULTIPLIER,
	HB_WORD_DETECT,
	HB_WORD_FLOOR,
	HB_WORD_CEILING,
	HB_WORD_HOLD_UP,
	HB_WORD_AUTH,
	HB_WORD_KEY_FILE,
	HB_WORD_KEY_SLOT,
	HB_WORD_KEY_SEND,
	HB_WORD_KEY_CLEAR,
	HB_WORD_DISABLED,
};

/**
 * struct hb_cfg - values of the words that were there
 * @given: which were, bit by enum hb_word
 */
struct hb_cfg {
	unsigned int given;
	const char *name;
	struct hb_addr addr;
	unsigned int ifindex;
	__u16 port;
	__u32 interval_us;
	__u8 multiplier;
	__u32 detect;
	__u64 floor_us;
	__u64 ceiling_us;
	__u64 hold_up_us;
	__u32 auth;
	__u8 key_slot;
	__u8 key_send;
	__u8 key_clear;
	unsigned char secret[HB_KEY_LEN];
};

int hb_cfg_parse(struct hb_cfg *cfg, enum hb_cfg_cmd cmd, int argc,
		 char **argv);
int hb_cfg_put_node(const struct hb_cfg *cfg, struct nl_msg *msg);
int hb_cfg_put_peer(const struct hb_cfg *cfg, struct nl_msg *msg);

static inline bool hb_cfg_has(const struct hb_cfg *cfg, enum hb_word word)
{
	return cfg->given & 1U << word;
}

#endif
