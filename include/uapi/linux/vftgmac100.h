/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Generic netlink of the virtual FTGMAC100: cables, wire faults, broken silicon. What plain
 * "ip link" and ethtool can say is not repeated here.
 */
#ifndef _UAPI_LINUX_VFTGMAC100_H
#define _UAPI_LINUX_VFTGMAC100_H

#define VFT_GENL_NAME		"vftgmac100"
#define VFT_GENL_VERSION	1

/**
 * enum vft_cmd - what can be asked
 * @VFT_CMD_UNSPEC: nothing
 * @VFT_CMD_GET: state of the card VFT_A_IFINDEX; dumped: of all cards in the namespace
 * @VFT_CMD_SET: set the wire faults that are given, for frames that leave VFT_A_IFINDEX
 * @VFT_CMD_PLUG: cable from VFT_A_IFINDEX to VFT_A_PEER_IFINDEX (the same: a loop), which is in
 *	the namespace VFT_A_PEER_NETNS_FD if that is given
 * @VFT_CMD_PULL: pull the cable out of VFT_A_IFINDEX
 * @VFT_CMD_FAIL: break the chip of VFT_A_IFINDEX, see VFT_A_FAIL
 * @__VFT_CMD_MAX: end of the list
 */
enum vft_cmd {
	VFT_CMD_UNSPEC,
	VFT_CMD_GET,
	VFT_CMD_SET,
	VFT_CMD_PLUG,
	VFT_CMD_PULL,
	VFT_CMD_FAIL,
	__VFT_CMD_MAX
};

/**
 * enum vft_attr - attributes; chances are in parts per million
 * @VFT_A_UNSPEC: nothing
 * @VFT_A_PAD: alignment of 64-bit values
 * @VFT_A_IFINDEX: u32, the card's netdev
 * @VFT_A_IFNAME: string, its name
 * @VFT_A_PEER_IFINDEX: u32, netdev at the other end of the cable
 * @VFT_A_PEER_NETNS_FD: u32, an open namespace, for VFT_CMD_PLUG
 * @VFT_A_PEER_NETNSID: s32, id of the peer's namespace when it is another
 * @VFT_A_LINK: u8, the PHYs have a link
 * @VFT_A_LOSS: u32, chance that a frame is lost
 * @VFT_A_DUP: u32, chance that it arrives twice
 * @VFT_A_REORDER: u32, chance that it is held back and overtaken
 * @VFT_A_CORRUPT: u32, chance that one bit is flipped
 * @VFT_A_TRUNCATE: u32, chance that it is cut off
 * @VFT_A_OVERLONG: u32, chance that it grows too long
 * @VFT_A_DELAY: u32, microseconds on the wire
 * @VFT_A_JITTER: u32, up to this many more
 * @VFT_A_PACED: u8, frames take the time that the link's speed makes them take
 * @VFT_A_SEED: u64, start of the random sequence; setting it starts anew
 * @VFT_A_UNPLUGGED: u64, frames sent without a link
 * @VFT_A_LOST: u64, frames lost by VFT_A_LOSS
 * @VFT_A_DUPLICATED: u64
 * @VFT_A_REORDERED: u64
 * @VFT_A_CORRUPTED: u64
 * @VFT_A_TRUNCATED: u64
 * @VFT_A_LENGTHENED: u64
 * @VFT_A_OVERFLOW: u64, frames lost because too many were under way
 * @VFT_A_FAIL: u8, enum vft_fail
 * @VFT_A_FILTERED: u64, frames that arrived and that the address filter refused
 * @__VFT_A_MAX: end of the list
 */
enum vft_attr {
	VFT_A_UNSPEC,
	VFT_A_PAD,
	VFT_A_IFINDEX,
	VFT_A_IFNAME,
	VFT_A_PEER_IFINDEX,
	VFT_A_PEER_NETNS_FD,
	VFT_A_PEER_NETNSID,
	VFT_A_LINK,
	VFT_A_LOSS,
	VFT_A_DUP,
	VFT_A_REORDER,
	VFT_A_CORRUPT,
	VFT_A_TRUNCATE,
	VFT_A_OVERLONG,
	VFT_A_DELAY,
	VFT_A_JITTER,
	VFT_A_PACED,
	VFT_A_SEED,
	VFT_A_UNPLUGGED,
	VFT_A_LOST,
	VFT_A_DUPLICATED,
	VFT_A_REORDERED,
	VFT_A_CORRUPTED,
	VFT_A_TRUNCATED,
	VFT_A_LENGTHENED,
	VFT_A_OVERFLOW,
	VFT_A_FAIL,
	VFT_A_FILTERED,
	__VFT_A_MAX
};

#define VFT_A_MAX (__VFT_A_MAX - 1)

/**
 * enum vft_fail - how silicon can break; a reset of the MAC mends it
 * @VFT_FAIL_HANG: the transmitter ignores its doorbell
 * @VFT_FAIL_AHB: its next bus access fails
 * @__VFT_FAIL_MAX: end of the list
 */
enum vft_fail {
	VFT_FAIL_HANG,
	VFT_FAIL_AHB,
	__VFT_FAIL_MAX
};

#endif
