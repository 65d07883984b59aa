// SPDX-License-Identifier: GPL-2.0
/*
 * Looking into a frame that may be scattered. No state.
 */
#include <linux/crc32.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "frame.h"

/**
 * vft_frame_gather() - vft_frame_peek() beyond the first segment
 * @f: the frame
 * @off: first byte
 * @len: how many
 * @buf: room for @len bytes, used when they are scattered
 *
 * Return: the bytes, in place if possible; NULL when the frame is shorter.
 */
const u8 *vft_frame_gather(const struct vft_frame *f, unsigned int off, unsigned int len, u8 *buf)
{
	unsigned int i, done = 0, n;

	if (off + len > f->len)
		return NULL;
	for (i = 0; off >= f->seg[i].iov_len; i++)
		off -= f->seg[i].iov_len;
	if (off + len <= f->seg[i].iov_len)
		return f->seg[i].iov_base + off;
	for (; done < len; i++, off = 0) {
		n = min_t(unsigned int, len - done, f->seg[i].iov_len - off);
		memcpy(buf + done, f->seg[i].iov_base + off, n);
		done += n;
	}
	return buf;
}

/**
 * vft_frame_fcs() - the frame check sequence of IEEE 802.3
 * @f: the frame
 *
 * Return: the value that belongs on the wire behind the frame.
 */
u32 vft_frame_fcs(const struct vft_frame *f)
{
	u32 crc = ~0;
	unsigned int i;

	for (i = 0; i < f->nseg; i++)
		crc = crc32_le(crc, f->seg[i].iov_base, f->seg[i].iov_len);
	return ~crc;
}
