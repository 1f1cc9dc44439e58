// SPDX-License-Identifier: GPL-2.0
/* flood [--all] DEV: beside a node that sends on DEV, send what looks like its
 * packets but is none of them, as fast as this machine can, until SIGTERM; then
 * say how many.
 *
 * One of the node's own packets is taken from the device as it leaves, and sent
 * again with its addresses and ports, but forged (some bytes of what it carries
 * are others), made up (all of them are), or malformed (cut anywhere, with
 * lengths that say so). With --all also as what the network layer refuses or
 * puts together: with a wrong checksum, in fragments of which some are missing,
 * and up to the longest that a device takes.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BATCH		64
#define FRAME_MAX	2048
#define FRAME_LONGEST	1514		/* of Ethernet, without its checksum */

enum kind {
	FORGED,
	MADE_UP,
	CUT,
	KINDS,
	CHECKSUM = KINDS,
	FRAGMENT,
	LONG,
	ALL_KINDS,
};

struct frame {
	unsigned char data[FRAME_MAX];
	size_t len;
	size_t payload;		/* where that of the detector begins */
};

static volatile sig_atomic_t ended;

static void end(int number)
{
	(void)number;
	ended = 1;
}

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static uint32_t any(void)
{
	static uint32_t x = 2463534242u;

	/* xorshift32: Marsaglia, Xorshift RNGs, 2003 */
	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return x;
}

static struct iphdr *ip_of(struct frame *f)
{
	return (struct iphdr *)(f->data + ETH_HLEN);
}

static struct udphdr *udp_of(struct frame *f)
{
	return (struct udphdr *)(f->data + f->payload) - 1;
}

static bool is_ipv4(const struct frame *f)
{
	return f->data[12] == 0x08 && f->data[13] == 0x00;
}

static bool is_udp(struct frame *f)
{
	return is_ipv4(f) && ip_of(f)->protocol == IPPROTO_UDP;
}

static bool find_payload(struct frame *f)
{
	f->payload = ETH_HLEN;
	if (is_ipv4(f))
		f->payload += ip_of(f)->ihl * 4;
	if (is_udp(f))
		f->payload += sizeof(struct udphdr);
	return f->len > f->payload;
}

/* Take one that the node sends, not what the kernel does. */
static void learn(int capture, struct frame *f)
{
	struct sockaddr_ll from = { 0 };
	socklen_t size;
	ssize_t len;

	do {
		size = sizeof(from);
		len = recvfrom(capture, f->data, sizeof(f->data), 0,
			       (struct sockaddr *)&from, &size);
		if (len < 0 && errno != EINTR)
			die("recvfrom");
		f->len = len < 0 ? 0 : len;
	} while (!ended && (from.sll_pkttype != PACKET_OUTGOING ||
			    from.sll_protocol == htons(ETH_P_ARP) ||
			    from.sll_protocol == htons(ETH_P_IPV6) ||
			    !find_payload(f)));
}

static void sum_ip(struct iphdr *ip)
{
	const uint16_t *word = (const uint16_t *)ip;
	uint32_t sum = 0;
	int i;

	ip->check = 0;
	for (i = 0; i < ip->ihl * 2; i++)
		sum += word[i];
	sum = (sum & 0xffff) + (sum >> 16);
	ip->check = ~(sum + (sum >> 16));
}

/* Lengths and sums of what is around the payload, so that it gets through */
static void wrap(struct frame *f)
{
	struct udphdr *udp;

	if (!is_ipv4(f))
		return;
	ip_of(f)->tot_len = htons(f->len - ETH_HLEN);
	sum_ip(ip_of(f));
	if (!is_udp(f))
		return;
	udp = udp_of(f);
	udp->len = htons(f->len - f->payload + sizeof(*udp));
	udp->check = 0;
}

static void make_up(struct frame *f)
{
	size_t i;

	for (i = f->payload; i < f->len; i++)
		f->data[i] = any();
}

static void make_fragment(struct frame *f)
{
	if (!is_ipv4(f))
		return;
	ip_of(f)->id = any() % 16;
	ip_of(f)->frag_off = htons(any() % 2 ? IP_MF : any() % 32);
	sum_ip(ip_of(f));
}

static void spoil(struct frame *f, enum kind kind)
{
	size_t len = f->len - f->payload, i, flips = 1 + any() % 4;

	if (kind == FORGED)
		for (i = 0; i < flips; i++)
			f->data[f->payload + any() % len] ^= 1 + any() % 255;
	else if (kind == CUT)
		f->len = f->payload + any() % len;
	else if (kind == LONG)
		f->len += any() % (FRAME_LONGEST - f->len);
	if (kind == MADE_UP || kind == LONG)
		make_up(f);
	wrap(f);
	if (kind == CHECKSUM && is_udp(f))
		udp_of(f)->check = 1 + any();
	else if (kind == FRAGMENT)
		make_fragment(f);
}

static int open_packets(int protocol, int ifindex)
{
	struct sockaddr_ll addr = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(protocol),
		.sll_ifindex = ifindex,
	};
	int fd = socket(AF_PACKET, SOCK_RAW, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(addr)))
		die("AF_PACKET");
	return fd;
}

static long send_batch(int fd, const struct frame *template, int kinds)
{
	static struct frame frames[BATCH];
	struct mmsghdr messages[BATCH] = { 0 };
	struct iovec parts[BATCH];
	int i, sent;

	for (i = 0; i < BATCH; i++) {
		frames[i].len = template->len;
		frames[i].payload = template->payload;
		memcpy(frames[i].data, template->data, template->len);
		spoil(&frames[i], any() % kinds);
		parts[i].iov_base = frames[i].data;
		parts[i].iov_len = frames[i].len;
		messages[i].msg_hdr.msg_iov = &parts[i];
		messages[i].msg_hdr.msg_iovlen = 1;
	}
	sent = sendmmsg(fd, messages, BATCH, 0);
	if (sent < 0 && errno != EINTR && errno != ENOBUFS)
		die("sendmmsg");
	return sent < 0 ? 0 : sent;
}

int main(int argc, char **argv)
{
	static struct frame template;
	struct sigaction on_end = { .sa_handler = end };
	bool all = argc > 2 && !strcmp(argv[1], "--all");
	int capture, out, ifindex;
	unsigned long sent = 0;

	if (argc != 2 + all) {
		fprintf(stderr, "usage: flood [--all] DEV\n");
		return 2;
	}
	ifindex = if_nametoindex(argv[argc - 1]);
	if (!ifindex)
		die(argv[argc - 1]);
	/* Without SA_RESTART: a wait for packets ends, too. */
	sigaction(SIGTERM, &on_end, NULL);
	capture = open_packets(ETH_P_ALL, ifindex);
	learn(capture, &template);
	close(capture);
	out = open_packets(0, ifindex);
	while (!ended)
		sent += send_batch(out, &template, all ? ALL_KINDS : KINDS);
	printf("%lu\n", sent);
	return 0;
}
