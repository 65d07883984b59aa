/* SPDX-License-Identifier: GPL-2.0 */
/*
 * IGMP messages as they are on the wire (RFC 2236 2, RFC 3376 4).
 */
#ifndef MN_IGMP_H
#define MN_IGMP_H

#include <linux/types.h>

#define MN_IGMP_QUERY		0x11
#define MN_IGMP_REPORT_V1	0x12
#define MN_IGMP_REPORT_V2	0x16
#define MN_IGMP_LEAVE		0x17
#define MN_IGMP_REPORT_V3	0x22

/* Versions 1 and 2. */
struct mn_igmp_head {
	u8	type;
	u8	code;
	__sum16	csum;
	__be32	group;
};

/* A query of version 3; its sources follow. @flags: the lowest three bits are the robustness. */
struct mn_igmp_v3_query {
	struct mn_igmp_head head;
	u8	flags;
	u8	interval;
	__be16	sources;
};

/* A report of version 3; its records follow. */
struct mn_igmp_report {
	u8	type;
	u8	reserved;
	__sum16	csum;
	__be16	reserved2;
	__be16	records;
};

/* A record of a report of version 3; its sources follow. */
struct mn_igmp_group_record {
	u8	type;
	u8	auxwords;
	__be16	sources;
	__be32	group;
};

#define MN_RECORD_IS_IN		1
#define MN_RECORD_IS_EX		2
#define MN_RECORD_TO_IN		3
#define MN_RECORD_TO_EX		4
#define MN_RECORD_ALLOW		5
#define MN_RECORD_BLOCK		6

#endif /* MN_IGMP_H */
