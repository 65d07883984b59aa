// SPDX-License-Identifier: GPL-2.0
/*
 * The chip's parser: finds IPv4, TCP and UDP in a frame, inserts checksums on the way out and
 * judges them on the way in. It knows what the FTGMAC100 knows: IPv4 without or with one VLAN
 * tag. No state.
 */
#include <linux/bitfield.h>
#include <linux/if_ether.h>
#include <net/checksum.h>

#include "chip_priv.h"

#define IP_MIN		20
#define IP_PROTO_TCP	6
#define IP_PROTO_UDP	17

/**
 * struct l4 - where things are in a frame
 * @ip: offset of the IPv4 header
 * @off: offset of what follows it
 * @end: offset of the byte after the packet (padding begins there)
 * @prot: VFT_RXD1_PROT_*
 * @df: don't-fragment bit
 */
struct l4 {
	unsigned int ip;
	unsigned int off;
	unsigned int end;
	unsigned int prot;
	bool df;
};

/* Parses @len bytes of head of a frame of @total. prot says how far it got. */
static struct l4 vft_csum_parse(const u8 *h, unsigned int len, unsigned int total)
{
	struct l4 l = { .prot = VFT_RXD1_PROT_NONIP, .ip = ETH_HLEN };
	unsigned int frag, proto;

	if (len < ETH_HLEN + IP_MIN)
		return l;
	if (get_unaligned_be16(h + 12) == ETH_P_8021Q)
		l.ip += 4;
	if (len < l.ip + IP_MIN || get_unaligned_be16(h + l.ip - 2) != ETH_P_IP)
		return l;
	l.off = l.ip + (h[l.ip] & 0xf) * 4;
	l.end = l.ip + get_unaligned_be16(h + l.ip + 2);
	if (h[l.ip] >> 4 != 4 || l.off < l.ip + IP_MIN || l.off > len || l.end < l.off ||
	    l.end > total)
		return l;
	l.prot = VFT_RXD1_PROT_IP;
	frag = get_unaligned_be16(h + l.ip + 6);
	l.df = frag & 0x4000;
	if (frag & 0x3fff)
		return l;	/* a fragment: no transport checksum to be seen */
	proto = h[l.ip + 9];
	if (proto == IP_PROTO_TCP && l.end >= l.off + 20)
		l.prot = VFT_RXD1_PROT_TCP;
	else if (proto == IP_PROTO_UDP && l.end >= l.off + 8)
		l.prot = VFT_RXD1_PROT_UDP;
	return l;
}

/**
 * vft_csum_head_fits() - does this much of a frame hold every header the chip may change?
 * @h: the frame's first bytes
 * @len: how many
 *
 * Return: whether it does, as far as can be seen.
 */
bool vft_csum_head_fits(const u8 *h, unsigned int len)
{
	unsigned int ip = ETH_HLEN;

	if (len < ETH_HLEN + IP_MIN)
		return false;
	if (get_unaligned_be16(h + 12) == ETH_P_8021Q)
		ip += 4;
	return len >= ip + (h[ip] & 0xf) * 4 + 18;
}

/* Sum of bytes [off, off + len) of a frame. */
static __wsum vft_csum_range(const struct vft_frame *f, unsigned int off, unsigned int len)
{
	unsigned int i, n, done = 0;
	__wsum sum = 0;

	for (i = 0; done < len; i++) {
		if (off >= f->seg[i].iov_len) {
			off -= f->seg[i].iov_len;
			continue;
		}
		n = min_t(unsigned int, len - done, f->seg[i].iov_len - off);
		sum = csum_block_add(sum, csum_partial(f->seg[i].iov_base + off, n, 0), done);
		done += n;
		off = 0;
	}
	return sum;
}

static __sum16 vft_csum_pseudo(const u8 *h, const struct l4 *l, __wsum sum)
{
	__be32 saddr = get_unaligned((__be32 *)(h + l->ip + 12));
	__be32 daddr = get_unaligned((__be32 *)(h + l->ip + 16));

	return csum_tcpudp_magic(saddr, daddr, l->end - l->off, h[l->ip + 9], sum);
}

static void vft_csum_insert_l4(u8 *h, const struct l4 *l, struct vft_frame *f)
{
	unsigned int at = l->off + (l->prot == VFT_RXD1_PROT_TCP ? 16 : 6);
	__wsum sum;
	__sum16 c;

	/* Software left the pseudo header's sum there; the chip starts from nothing. */
	sum = vft_csum_range(f, l->off, l->end - l->off);
	c = get_unaligned((__sum16 *)(h + at));
	sum = csum_sub(sum, csum_unfold(c));
	c = vft_csum_pseudo(h, l, sum);
	if (!c && l->prot == VFT_RXD1_PROT_UDP)
		c = CSUM_MANGLED_0;
	put_unaligned(c, (__sum16 *)(h + at));
	f->l4_right = true;
}

/**
 * vft_csum_insert() - write the checksums a transmit descriptor asks for
 * @h: copy of the frame's head, to be changed
 * @len: its length
 * @f: the whole frame as it is in memory
 * @want: TXDES1
 *
 * A frame the chip cannot parse stays as it is.
 */
void vft_csum_insert(u8 *h, unsigned int len, struct vft_frame *f, u32 want)
{
	struct l4 l = vft_csum_parse(h, len, f->len);
	__sum16 c = 0;

	if (l.prot == VFT_RXD1_PROT_NONIP)
		return;
	if (want & VFT_TXD1_IP_CSUM) {
		put_unaligned(c, (__sum16 *)(h + l.ip + 10));
		c = csum_fold(csum_partial(h + l.ip, l.off - l.ip, 0));
		put_unaligned(c, (__sum16 *)(h + l.ip + 10));
	}
	if ((l.prot == VFT_RXD1_PROT_TCP && want & VFT_TXD1_TCP_CSUM && l.off + 18 <= len) ||
	    (l.prot == VFT_RXD1_PROT_UDP && want & VFT_TXD1_UDP_CSUM && l.off + 8 <= len))
		vft_csum_insert_l4(h, &l, f);
}

static bool vft_csum_l4_ok(const u8 *h, const struct l4 *l, const struct vft_frame *f, __wsum sum)
{
	u8 buf[2];
	const u8 *p;

	if (f->l4_right)
		return true;
	if (l->prot == VFT_RXD1_PROT_UDP) {
		p = vft_frame_peek(f, l->off + 6, 2, buf);
		if (!p[0] && !p[1])
			return true;	/* sent without checksum */
	}
	/* sum is that of the whole frame: what is not TCP or UDP goes out again. */
	sum = csum_block_sub(sum, csum_partial(h, l->off, 0), 0);
	if (f->len > l->end)
		sum = csum_block_sub(sum, vft_csum_range(f, l->end, f->len - l->end), l->end);
	return !vft_csum_pseudo(h, l, sum);
}

/**
 * vft_csum_verify() - the checksum verdict for a receive descriptor
 * @f: the frame
 * @sum: sum over all of it, a by-product of the DMA; not looked at if the frame's
 *	l4_right
 * @cut: bytes DMA left out at offset 12 (a stripped tag), 0 or 4
 *
 * Return: RXDES1 bits: PROT, DF, the checksum errors.
 */
u32 vft_csum_verify(const struct vft_frame *f, __wsum sum, unsigned int cut)
{
	unsigned int n = min(f->len, 18U + 60U);
	u8 buf[18 + 60];
	const u8 *h = vft_frame_peek(f, 0, n, buf);
	struct l4 l = vft_csum_parse(h, n, f->len);
	u32 des1 = FIELD_PREP(VFT_RXD1_PROT, l.prot);

	if (l.prot == VFT_RXD1_PROT_NONIP)
		return des1;
	if (l.df)
		des1 |= VFT_RXD1_DF;
	if (csum_fold(csum_partial(h + l.ip, l.off - l.ip, 0)))
		des1 |= VFT_RXD1_IP_CSUM_ERR;
	if (cut)
		sum = csum_add(sum, csum_partial(h + 12, cut, 0));
	if (l.prot == VFT_RXD1_PROT_TCP && !vft_csum_l4_ok(h, &l, f, sum))
		des1 |= VFT_RXD1_TCP_CSUM_ERR;
	if (l.prot == VFT_RXD1_PROT_UDP && !vft_csum_l4_ok(h, &l, f, sum))
		des1 |= VFT_RXD1_UDP_CSUM_ERR;
	return des1;
}
