// SPDX-License-Identifier: GPL-2.0
/* What an attacker on the link can do: record heartbeats from a device, one
 * frame in hexadecimal per line, and send such lines to a device, as they are
 * or with changes.
 */
#include <ctype.h>
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/udp.h>
#include <sys/socket.h>

#include "../../kmod/core/proto.h"

enum {
	FRAME_MAX = 2048,
	EDITS_MAX = 16,
};

/* A frame that holds a UDP datagram. */
struct frame {
	uint8_t data[FRAME_MAX];
	size_t len;
	size_t ip;		/* where the IP header is */
	size_t udp;
	size_t payload;
};

struct edit {
	int what;		/* short name of the option */
	unsigned long at;
	uint8_t bytes[256];
	size_t len;
};

static struct edit edits[EDITS_MAX];
static unsigned int nedits;
static unsigned long sent;
static volatile sig_atomic_t stop;

static void on_signal(int signo)
{
	(void)signo;
	stop = 1;
}

/* Find the parts of a frame. False if it is no UDP over IPv4 or IPv6. */
static bool frame_parse(struct frame *f)
{
	const struct ip6_hdr *ip6 = (void *)(f->data + ETH_HLEN);
	const struct iphdr *ip = (void *)(f->data + ETH_HLEN);
	uint16_t proto;

	memcpy(&proto, f->data + 2 * ETH_ALEN, sizeof(proto));
	f->ip = ETH_HLEN;
	if (proto == htons(ETH_P_IP) && ip->protocol == IPPROTO_UDP)
		f->udp = f->ip + ip->ihl * 4;
	else if (proto == htons(ETH_P_IPV6) && ip6->ip6_nxt == IPPROTO_UDP)
		f->udp = f->ip + sizeof(*ip6);
	else
		return false;
	f->payload = f->udp + sizeof(struct udphdr);
	return f->len >= f->payload;
}

static uint32_t sum16(const void *data, size_t len, uint32_t sum)
{
	const uint8_t *p = data;
	size_t i;

	for (i = 0; i < len; i++)
		sum += i % 2 ? p[i] : p[i] << 8;
	return sum;
}

static uint16_t fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons(~sum);
}

/* Lengths and checksums of IP and UDP, as any sender would have them right. */
static void frame_finish(struct frame *f)
{
	struct udphdr *uh = (void *)(f->data + f->udp);
	struct ip6_hdr *ip6 = (void *)(f->data + f->ip);
	struct iphdr *ip = (void *)(f->data + f->ip);
	size_t len = f->len - f->udp;
	uint32_t sum = len + IPPROTO_UDP;

	uh->len = htons(len);
	uh->check = 0;
	if (ip->version == 4) {
		ip->tot_len = htons(f->len - f->ip);
		ip->check = 0;
		ip->check = fold(sum16(ip, ip->ihl * 4, 0));
		sum = sum16(&ip->saddr, 8, sum);
	} else {
		ip6->ip6_plen = htons(len);
		sum = sum16(&ip6->ip6_src, 32, sum);
	}
	uh->check = fold(sum16(uh, len, sum));
	if (!uh->check)
		uh->check = 0xffff;
}

static int open_device(const char *name, int proto)
{
	struct sockaddr_ll sll = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(proto),
		.sll_ifindex = if_nametoindex(name),
	};
	int fd, size = 16 << 20;

	if (!sll.sll_ifindex)
		err(1, "%s", name);
	fd = socket(AF_PACKET, SOCK_RAW, 0);
	if (fd < 0)
		err(1, "socket");
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	if (bind(fd, (struct sockaddr *)&sll, sizeof(sll)))
		err(1, "bind");
	return fd;
}

static bool frame_has_port(const struct frame *f, unsigned int port)
{
	const struct udphdr *uh = (void *)(f->data + f->udp);

	return ntohs(uh->source) == port || ntohs(uh->dest) == port;
}

static void frame_print(const struct frame *f, bool out)
{
	size_t i;

	fputs(out ? "out " : "in ", stdout);
	for (i = 0; i < f->len; i++)
		printf("%02x", f->data[i]);
	putchar('\n');
	fflush(stdout);
}

/* When told to stop, what the socket still holds is printed first. */
static int capture(const char *dev, unsigned int port, unsigned long count)
{
	/* The signal may come just before recvfrom() begins to wait. */
	const struct timeval patience = { .tv_usec = 100000 };
	struct sockaddr_ll from;
	socklen_t fromlen;
	struct frame f;
	ssize_t len;
	int fd = open_device(dev, ETH_P_ALL);

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	puts("# ready");
	fflush(stdout);
	for (;;) {
		fromlen = sizeof(from);
		len = recvfrom(fd, f.data, sizeof(f.data),
			       stop ? MSG_DONTWAIT : 0,
			       (struct sockaddr *)&from, &fromlen);
		if (len < 0 && errno == EAGAIN && stop)
			break;
		if (len < 0 && errno != EINTR && errno != ENETDOWN &&
		    errno != EAGAIN)
			err(1, "recvfrom");
		f.len = len > 0 ? len : 0;
		if (f.len < ETH_HLEN || !frame_parse(&f) ||
		    !frame_has_port(&f, port))
			continue;
		frame_print(&f, from.sll_pkttype == PACKET_OUTGOING);
		if (count && !--count)
			break;
	}
	return 0;
}

static int hex(char c)
{
	if (isdigit((unsigned char)c))
		return c - '0';
	return isxdigit((unsigned char)c) ? (c | 0x20) - 'a' + 10 : -1;
}

static size_t read_hex(const char *s, uint8_t *buf, size_t size)
{
	size_t n = 0;

	for (; hex(s[0]) >= 0 && hex(s[1]) >= 0; s += 2) {
		if (n == size)
			errx(2, "more than %zu bytes", size);
		buf[n++] = hex(s[0]) << 4 | hex(s[1]);
	}
	if (*s && !isspace((unsigned char)*s))
		errx(2, "'%s' is not hexadecimal", s);
	return n;
}

static void send_frame(int fd, const struct frame *frame)
{
	struct frame f = *frame;

	frame_finish(&f);
	if (send(fd, f.data, f.len, 0) != (ssize_t)f.len)
		err(1, "send");
	sent++;
}

static void put_bytes(struct frame *f, size_t at, const struct edit *e)
{
	if (at + e->len > sizeof(f->data))
		errx(2, "%lu is past the end", e->at);
	memcpy(f->data + at, e->bytes, e->len);
	if (f->len < at + e->len)
		f->len = at + e->len;
}

static void flip(struct frame *f, unsigned long bit)
{
	f->data[f->payload + bit / 8] ^= 1 << bit % 8;
}

static void fix_length(struct frame *f)
{
	struct hb_wire_hdr *hdr = (void *)(f->data + f->payload);

	hdr->length = htons(f->len - f->payload);
}

static void swap_bytes(uint8_t *a, uint8_t *b, size_t len)
{
	uint8_t t;

	for (; len; len--, a++, b++) {
		t = *a;
		*a = *b;
		*b = t;
	}
}

/* Back to whom it is from: MAC addresses, addresses and ports change places. */
static void reflect(struct frame *f)
{
	uint8_t *ip = f->data + f->ip, *udp = f->data + f->udp;

	swap_bytes(f->data, f->data + ETH_ALEN, ETH_ALEN);
	if (*ip >> 4 == 4)
		swap_bytes(ip + offsetof(struct iphdr, saddr),
			   ip + offsetof(struct iphdr, daddr), 4);
	else
		swap_bytes(ip + offsetof(struct ip6_hdr, ip6_src),
			   ip + offsetof(struct ip6_hdr, ip6_dst), 16);
	swap_bytes(udp, udp + 2, 2);
}

static void edit_frame(struct frame *f, const struct edit *e)
{
	switch (e->what) {
	case 'R':
		reflect(f);
		break;
	case 'f':
		flip(f, e->at);
		break;
	case 't':
		if (f->len > f->payload + e->at)
			f->len = f->payload + e->at;
		break;
	case 's':
		put_bytes(f, f->payload + e->at, e);
		break;
	case 'F':
		put_bytes(f, e->at, e);
		break;
	case 'a':
		put_bytes(f, f->len, e);
		break;
	case 'l':
		fix_length(f);
		break;
	}
}

static void send_all_flips(int fd, const struct frame *f)
{
	unsigned long bit, bits = (f->len - f->payload) * 8;
	struct frame g;

	for (bit = 0; bit < bits; bit++) {
		g = *f;
		flip(&g, bit);
		send_frame(fd, &g);
	}
}

static void send_all_lengths(int fd, const struct frame *f)
{
	struct frame g = *f;

	for (g.len = f->payload; g.len < f->len; g.len++)
		send_frame(fd, &g);
}

static void replay_line(int fd, const char *line, int all)
{
	struct frame f;
	unsigned int i;

	f.len = read_hex(line, f.data, sizeof(f.data));
	if (f.len < ETH_HLEN || !frame_parse(&f))
		errx(2, "no UDP in a frame");
	for (i = 0; i < nedits; i++)
		edit_frame(&f, &edits[i]);
	if (all == 'A')
		send_all_flips(fd, &f);
	else if (all == 'T')
		send_all_lengths(fd, &f);
	else
		send_frame(fd, &f);
}

static void replay_all(int fd, int all)
{
	char line[2 * FRAME_MAX + 8];
	const char *frame;

	while (fgets(line, sizeof(line), stdin)) {
		frame = strchr(line, ' ');
		if (*line != '#' && frame)
			replay_line(fd, frame + 1, all);
	}
}

/* All of the file, again and again, as a recording of sessions is played */
static int replay(const char *dev, int all, unsigned long repeat)
{
	int fd = open_device(dev, 0);
	unsigned long i;

	for (i = 0; i < repeat; i++) {
		if (i && fseek(stdin, 0, SEEK_SET))
			err(2, "--repeat needs a file");
		replay_all(fd, all);
	}
	printf("%lu\n", sent);
	return 0;
}

static void add_edit(int what, const char *arg)
{
	struct edit *e = &edits[nedits++];
	const char *bytes = arg ? strchr(arg, '=') : NULL;

	if (nedits > EDITS_MAX)
		errx(2, "too many changes");
	e->what = what;
	e->at = arg ? strtoul(arg, NULL, 10) : 0;
	if (what == 'a')
		e->len = read_hex(arg, e->bytes, sizeof(e->bytes));
	else if (bytes)
		e->len = read_hex(bytes + 1, e->bytes, sizeof(e->bytes));
}

static int usage(void)
{
	fputs("usage: replay [--port P] [--count N] [--duration S] capture D\n"
	      "       replay [changes] [--repeat N] send DEV < FILE\n"
	      "changes of the payload, in this order:\n"
	      "  --flip BIT  --truncate LEN  --set OFFSET=HEX  --append HEX\n"
	      "  --fix-length (of our header)  --frame OFFSET=HEX (of the frame)\n"
	      "  --reflect (back to whom it is from)\n"
	      "  --all-flips  --all-lengths (one packet for each)\n", stderr);
	return 2;
}

int main(int argc, char **argv)
{
	static const struct option opts[] = {
		{ "port", required_argument, NULL, 'p' },
		{ "count", required_argument, NULL, 'c' },
		{ "duration", required_argument, NULL, 'd' },
		{ "repeat", required_argument, NULL, 'r' },
		{ "flip", required_argument, NULL, 'f' },
		{ "truncate", required_argument, NULL, 't' },
		{ "set", required_argument, NULL, 's' },
		{ "frame", required_argument, NULL, 'F' },
		{ "append", required_argument, NULL, 'a' },
		{ "fix-length", no_argument, NULL, 'l' },
		{ "reflect", no_argument, NULL, 'R' },
		{ "all-flips", no_argument, NULL, 'A' },
		{ "all-lengths", no_argument, NULL, 'T' },
		{ }
	};
	unsigned long count = 0, repeat = 1, port = 7694, duration = 0;
	struct sigaction sa = { .sa_handler = on_signal };
	int opt, all = 0;

	while ((opt = getopt_long(argc, argv, "", opts, NULL)) >= 0) {
		if (opt == '?')
			return usage();
		else if (opt == 'p')
			port = strtoul(optarg, NULL, 10);
		else if (opt == 'c')
			count = strtoul(optarg, NULL, 10);
		else if (opt == 'd')
			duration = strtoul(optarg, NULL, 10);
		else if (opt == 'r')
			repeat = strtoul(optarg, NULL, 10);
		else if (opt == 'A' || opt == 'T')
			all = opt;
		else
			add_edit(opt, optarg);
	}
	if (argc - optind != 2)
		return usage();
	sigaction(SIGALRM, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
	alarm(duration);
	if (!strcmp(argv[optind], "capture"))
		return capture(argv[optind + 1], port, count);
	if (!strcmp(argv[optind], "send"))
		return replay(argv[optind + 1], all, repeat);
	return usage();
}
