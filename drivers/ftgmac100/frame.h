/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A frame on its way through the hardware half: from the transmit engine over the wire into
 * the other chip's receive engine. It only points at memory (buffers pinned on the sender's
 * bus, the chip's scratch header, a wire buffer), so an untroubled frame is copied once, by
 * the receiver's DMA.
 */
#ifndef VFT_FRAME_H
#define VFT_FRAME_H

#include <linux/types.h>
#include <linux/uio.h>

#define VFT_FRAME_SEGS	32

/**
 * struct vft_frame - what is on the wire between preamble and gap
 * @len: bytes, FCS not counted
 * @nseg: used entries of @seg
 * @fcs_given: @fcs was on the wire and has to be checked; otherwise it is right by
 *	construction (computed by the sender's MAC, not touched on the way) and never computed
 * @l4_right: its TCP or UDP checksum was inserted by the sender's MAC and not touched since:
 *	right by construction, too
 * @fcs: the four bytes as received, little endian as ether_crc_le() returns them, inverted
 * @seg: the bytes
 */
struct vft_frame {
	unsigned int len;
	unsigned int nseg;
	bool fcs_given;
	bool l4_right;
	u32 fcs;
	struct kvec seg[VFT_FRAME_SEGS];
};

const u8 *vft_frame_gather(const struct vft_frame *f, unsigned int off, unsigned int len, u8 *buf);

/**
 * vft_frame_peek() - some bytes of a frame, contiguous
 * @f: the frame
 * @off: first byte
 * @len: how many
 * @buf: room for @len bytes, used when they are scattered
 *
 * Return: the bytes, in place if possible; NULL when the frame is shorter.
 */
static inline const u8 *vft_frame_peek(const struct vft_frame *f, unsigned int off,
				       unsigned int len, u8 *buf)
{
	if (off + len <= f->seg[0].iov_len)
		return f->seg[0].iov_base + off;
	return vft_frame_gather(f, off, len, buf);
}

u32 vft_frame_fcs(const struct vft_frame *f);

#endif
