/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The datasheet: register offsets, bits and descriptor layout of the FTGMAC100 as the AST2500
 * has it, with the wide-address additions of the AST2700. Both halves of the card read this
 * file and nothing here belongs to either.
 */
#ifndef VFT_REGS_H
#define VFT_REGS_H

#include <linux/bits.h>
#include <linux/types.h>

/* --- register offsets (bytes; every register is 32 bits wide) --- */
#define VFT_ISR			0x000	/* interrupt status, write 1 to clear */
#define VFT_IER			0x004	/* interrupt enable */
#define VFT_MAC_MADR		0x008	/* station address, first two bytes in [15:0] */
#define VFT_MAC_LADR		0x00c	/* station address, last four bytes */
#define VFT_MAHT0		0x010	/* multicast hash, buckets 0..31 */
#define VFT_MAHT1		0x014	/* multicast hash, buckets 32..63 */
#define VFT_NPTXPD		0x018	/* normal priority transmit poll demand: the doorbell */
#define VFT_RXPD		0x01c	/* receive poll demand */
#define VFT_NPTXR_BADR		0x020	/* normal priority transmit ring base */
#define VFT_RXR_BADR		0x024	/* receive ring base */
#define VFT_HPTXPD		0x028	/* high priority transmit poll demand */
#define VFT_HPTXR_BADR		0x02c	/* high priority transmit ring base */
#define VFT_ITC			0x030	/* interrupt timer control: mitigation */
#define VFT_APTC		0x034	/* automatic polling timer control */
#define VFT_DBLAC		0x038	/* DMA burst length and arbitration */
#define VFT_DMAFIFOS		0x03c	/* DMA FIFO status, read only */
#define VFT_REVR		0x040	/* revision, read only */
#define VFT_FEAR		0x044	/* feature, read only */
#define VFT_TPAFCR		0x048	/* transmit priority arbitration and FIFO control */
#define VFT_RBSR		0x04c	/* receive buffer size */
#define VFT_MACCR		0x050	/* MAC control */
#define VFT_MACSR		0x054	/* MAC status, write 1 to clear */
#define VFT_TM			0x058	/* test mode */
#define VFT_PHYCR		0x060	/* MDIO command */
#define VFT_PHYDATA		0x064	/* MDIO data: write in [15:0], read in [31:16] */
#define VFT_FCR			0x068	/* flow control */
#define VFT_BPR			0x06c	/* back pressure */
#define VFT_WOLCR		0x070
#define VFT_WOLSR		0x074
#define VFT_NPTXR_PTR		0x090	/* where the transmit engine stands, read only */
#define VFT_HPTXR_PTR		0x094
#define VFT_RXR_PTR		0x098
#define VFT_STAT_TX		0x0a0	/* frames sent */
#define VFT_STAT_TX_MCOL_SCOL	0x0a4	/* [31:16] multiple, [15:0] single collisions */
#define VFT_STAT_TX_ECOL_FAIL	0x0a8	/* [31:16] excessive collisions, [15:0] failed */
#define VFT_STAT_TX_LCOL_UND	0x0ac	/* [31:16] late collisions, [15:0] underruns */
#define VFT_STAT_RX		0x0b0	/* good frames received */
#define VFT_STAT_RX_BC		0x0b4	/* of these, broadcast */
#define VFT_STAT_RX_MC		0x0b8	/* of these, multicast */
#define VFT_STAT_RX_PF_AEP	0x0bc	/* [31:16] pause frames, [15:0] alignment errors */
#define VFT_STAT_RX_RUNT	0x0c0	/* [15:0] runts */
#define VFT_STAT_RX_CRCER_FTL	0x0c4	/* [31:16] FCS errors, [15:0] frames too long */
#define VFT_STAT_RX_COL_LOST	0x0c8	/* [31:16] collisions, [15:0] lost for want of room */
#define VFT_NPTXR_BADR_HI	0x17c	/* AST2700: bits above 31 of the ring bases */
#define VFT_HPTXR_BADR_HI	0x184
#define VFT_RXR_BADR_HI		0x18c
#define VFT_REG_SPACE		0x190

/* --- ISR and IER --- */
#define VFT_INT_RPKT_BUF	BIT(0)	/* frame moved into receive buffers */
#define VFT_INT_RPKT_FIFO	BIT(1)	/* frame arrived in the FIFO */
#define VFT_INT_NO_RXBUF	BIT(2)	/* receive ring has no free descriptor */
#define VFT_INT_RPKT_LOST	BIT(3)	/* received frame lost */
#define VFT_INT_XPKT_ETH	BIT(4)	/* frame sent on the wire */
#define VFT_INT_XPKT_FIFO	BIT(5)	/* frame moved into the transmit FIFO */
#define VFT_INT_NO_NPTXBUF	BIT(6)	/* transmit ring ran empty */
#define VFT_INT_XPKT_LOST	BIT(7)	/* frame could not be sent */
#define VFT_INT_AHB_ERR		BIT(8)	/* bus error: DMA stopped until SW_RST */
#define VFT_INT_PHYSTS_CHG	BIT(9)	/* PHY link state changed */
#define VFT_INT_NO_HPTXBUF	BIT(10)
#define VFT_INT_MASK		GENMASK(10, 0)

/* --- ITC: one half for each direction --- */
#define VFT_ITC_RX_CNT		GENMASK(3, 0)	/* time, in the unit chosen by TIME_SEL */
#define VFT_ITC_RX_THR		GENMASK(6, 4)	/* frames */
#define VFT_ITC_RX_TIME_SEL	BIT(7)
#define VFT_ITC_TX_CNT		GENMASK(11, 8)
#define VFT_ITC_TX_THR		GENMASK(14, 12)
#define VFT_ITC_TX_TIME_SEL	BIT(15)
#define VFT_ITC_MASK		GENMASK(15, 0)
/* TIME_SEL = 0 counts 5.12 us, 1 counts 81.92 us (the 100 Mbit/s row; kept at every speed) */
#define VFT_TIME_UNIT0_NS	5120
#define VFT_TIME_UNIT1_NS	81920

/* --- APTC --- */
#define VFT_APTC_RXPOLL_CNT	GENMASK(3, 0)
#define VFT_APTC_RXPOLL_SEL	BIT(4)
#define VFT_APTC_TXPOLL_CNT	GENMASK(11, 8)
#define VFT_APTC_TXPOLL_SEL	BIT(12)

/* --- DBLAC: descriptor sizes in units of 8 bytes --- */
#define VFT_DBLAC_RXDES_SIZE	GENMASK(15, 12)
#define VFT_DBLAC_TXDES_SIZE	GENMASK(19, 16)
#define VFT_DBLAC_RESET		0x00022500

/* --- RBSR: a multiple of 8 --- */
#define VFT_RBSR_SIZE		0x3ff8

/* --- MACCR --- */
#define VFT_MACCR_TXDMA_EN	BIT(0)
#define VFT_MACCR_RXDMA_EN	BIT(1)
#define VFT_MACCR_TXMAC_EN	BIT(2)
#define VFT_MACCR_RXMAC_EN	BIT(3)
#define VFT_MACCR_RM_VLAN	BIT(4)	/* take the 802.1Q tag out of received frames */
#define VFT_MACCR_HPTXR_EN	BIT(5)	/* serve the high priority ring */
#define VFT_MACCR_LOOP_EN	BIT(6)	/* transmitter feeds our own receiver */
#define VFT_MACCR_FULLDUP	BIT(8)
#define VFT_MACCR_GIGA_MODE	BIT(9)
#define VFT_MACCR_CRC_APD	BIT(10)	/* MAC appends the FCS */
#define VFT_MACCR_RX_RUNT	BIT(12)	/* accept runts */
#define VFT_MACCR_JUMBO_LF	BIT(13)	/* accept frames up to VFT_JUMBO_MAX */
#define VFT_MACCR_RX_ALL	BIT(14)	/* promiscuous */
#define VFT_MACCR_HT_MULTI_EN	BIT(15)	/* multicast by hash table */
#define VFT_MACCR_RX_MULTIPKT	BIT(16)	/* all multicast */
#define VFT_MACCR_RX_BROADPKT	BIT(17)	/* broadcast */
#define VFT_MACCR_DISCARD_CRC	BIT(18)	/* drop frames whose FCS is wrong */
#define VFT_MACCR_FAST_MODE	BIT(19)	/* 100 Mbit/s */
#define VFT_MACCR_SW_RST	BIT(31)	/* self clearing */
#define VFT_MACCR_MASK		(GENMASK(19, 0))

/* --- PHYCR --- */
#define VFT_PHYCR_MDC_CYC	GENMASK(5, 0)
#define VFT_PHYCR_PHYAD		GENMASK(20, 16)
#define VFT_PHYCR_REGAD		GENMASK(25, 21)
#define VFT_PHYCR_MIIRD		BIT(26)
#define VFT_PHYCR_MIIWR		BIT(27)

/* --- frame lengths, without FCS --- */
#define VFT_FRAME_MIN		60
#define VFT_FRAME_MAX		1514	/* 1518 when tagged */
#define VFT_JUMBO_MAX		9212
#define VFT_FIFO_MAX		16383	/* no frame larger than this exists inside the chip */

/**
 * struct vft_txdes - transmit descriptor, 16 bytes, aligned to 16
 * @des0: OWN, first/last segment, buffer size
 * @des1: offload requests and the VLAN tag to insert, read with the first segment
 * @des2: [18:16] hold bits 34..32 of the buffer address (AST2700)
 * @des3: buffer address, bits 31..0
 */
struct vft_txdes {
	__le32 des0;
	__le32 des1;
	__le32 des2;
	__le32 des3;
} __aligned(16);

#define VFT_TXD0_SIZE		GENMASK(13, 0)
#define VFT_TXD0_CRC_ERR	BIT(19)
#define VFT_TXD0_LTS		BIT(28)	/* last segment of a frame */
#define VFT_TXD0_FTS		BIT(29)	/* first segment of a frame */
#define VFT_TXD0_EDOTR		BIT(30)	/* end of ring (the AST2500 moved it here from bit 15) */
#define VFT_TXD0_OWN		BIT(31)	/* the chip's */

#define VFT_TXD1_VLAN_CI	GENMASK(15, 0)
#define VFT_TXD1_INS_VLAN	BIT(16)
#define VFT_TXD1_TCP_CSUM	BIT(17)
#define VFT_TXD1_UDP_CSUM	BIT(18)
#define VFT_TXD1_IP_CSUM	BIT(19)
#define VFT_TXD1_LLC		BIT(22)
#define VFT_TXD1_TX2FIC		BIT(30)	/* interrupt when the frame is in the FIFO */
#define VFT_TXD1_TXIC		BIT(31)	/* interrupt when the frame is on the wire */

/**
 * struct vft_rxdes - receive descriptor, 16 bytes, aligned to 16
 * @des0: RXPKT_RDY (ready for software), first/last segment, byte count, errors
 * @des1: checksum verdict and stripped VLAN tag
 * @des2: [18:16] hold bits 34..32 of the buffer address (AST2700)
 * @des3: buffer address, bits 31..0
 */
struct vft_rxdes {
	__le32 des0;
	__le32 des1;
	__le32 des2;
	__le32 des3;
} __aligned(16);

#define VFT_RXD0_VDBC		GENMASK(13, 0)	/* valid bytes in this buffer; FCS not counted */
#define VFT_RXD0_MULTICAST	BIT(16)
#define VFT_RXD0_BROADCAST	BIT(17)
#define VFT_RXD0_RX_ERR		BIT(18)
#define VFT_RXD0_CRC_ERR	BIT(19)
#define VFT_RXD0_FTL		BIT(20)
#define VFT_RXD0_RUNT		BIT(21)
#define VFT_RXD0_ODD_NB		BIT(22)
#define VFT_RXD0_FIFO_FULL	BIT(23)
#define VFT_RXD0_PAUSE_OPCODE	BIT(24)
#define VFT_RXD0_PAUSE_FRAME	BIT(25)
#define VFT_RXD0_LRS		BIT(28)
#define VFT_RXD0_FRS		BIT(29)
#define VFT_RXD0_EDORR		BIT(30)
#define VFT_RXD0_RDY		BIT(31)
#define VFT_RXD0_ERRORS		(VFT_RXD0_RX_ERR | VFT_RXD0_CRC_ERR | VFT_RXD0_FTL | \
				 VFT_RXD0_RUNT | VFT_RXD0_ODD_NB)

#define VFT_RXD1_VLAN_CI	GENMASK(15, 0)
#define VFT_RXD1_PROT		GENMASK(21, 20)
#define VFT_RXD1_PROT_NONIP	0
#define VFT_RXD1_PROT_IP	1
#define VFT_RXD1_PROT_TCP	2
#define VFT_RXD1_PROT_UDP	3
#define VFT_RXD1_LLC		BIT(22)
#define VFT_RXD1_DF		BIT(23)
#define VFT_RXD1_VLAN_AVAIL	BIT(24)
#define VFT_RXD1_TCP_CSUM_ERR	BIT(25)
#define VFT_RXD1_UDP_CSUM_ERR	BIT(26)
#define VFT_RXD1_IP_CSUM_ERR	BIT(27)
#define VFT_RXD1_CSUM_ERRORS	(VFT_RXD1_TCP_CSUM_ERR | VFT_RXD1_UDP_CSUM_ERR | \
				 VFT_RXD1_IP_CSUM_ERR)

#define VFT_DES2_ADDR_HI	GENMASK(18, 16)	/* in both descriptor kinds */
#define VFT_ADDR_MASK		GENMASK_ULL(34, 0)

/**
 * vft_hash_bucket() - which bit of MAHT1:MAHT0 a multicast address selects
 * @crc: ether_crc_le() of the six address bytes
 *
 * Return: 0..63.
 */
static inline unsigned int vft_hash_bucket(u32 crc)
{
	return ~(crc >> 2) & 0x3f;
}

#endif
