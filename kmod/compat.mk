# SPDX-License-Identifier: GPL-2.0
# Features of the kernel that compat.h can't see for itself, by a word in one of
# its headers.
hb-has = $(if $(shell grep -s '$(2)' $(srctree)/include/$(1)),-DHB_HAVE_$(3))

ccflags-y += $(call hb-has,linux/hrtimer.h,void hrtimer_setup[^_],HRTIMER_SETUP)
ccflags-y += $(call hb-has,net/ip_tunnels.h,ipcb_flags,IPCB_FLAGS)
ccflags-y += $(call hb-has,crypto/blake2s.h,struct blake2s_ctx,BLAKE2S_CTX)
ccflags-y += $(call hb-has,net/netlink.h,const struct netlink_range_validation .range,CONST_RANGE)
ccflags-y += $(call hb-has,net/rps.h,rps_needed,RPS_H)
ccflags-y += $(call hb-has,linux/netdevice.h,in_net_rx_action,IN_NET_RX)
ccflags-y += $(call hb-has,net/genetlink.h,struct genl_split_ops,SPLIT_OPS)
ccflags-y += $(call hb-has,net/genetlink.h,genl_info_dump.struct,INFO_DUMP)
