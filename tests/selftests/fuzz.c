// SPDX-License-Identifier: GPL-2.0
/* Throws bad requests or packets at the module, for some seconds. They are made
 * from good ones, and where the kernel tells what it ran through (KCOV, of the
 * module only, see tests/lib/checks.config) those that reach something new are
 * kept and changed further. What judges is the kernel that it runs in.
 *
 * Requests go to the namespace where this runs. Packets come by a TUN device of
 * it, whose other end plays the peer that sends there: what is heard from the
 * node gives the ids and sessions that a packet has to have to get anywhere.
 */
#include <endian.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <linux/genetlink.h>
#include <linux/hb.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <linux/ip.h>
#include <linux/kcov.h>
#include <linux/udp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "../../kmod/core/proto.h"
#include "request.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

enum {
	INPUT_MAX = 1024,
	KEPT_MAX = 4096,
	TRACE_LEN = 1 << 16,
	PLACES = 1 << 16,
	/* Inputs until what they made is cleared away */
	ROUND = 128,
	/* Peers that beat more often would leave no CPU to go on */
	TAME_US = 10000,
};

struct input {
	size_t len;
	uint8_t data[INPUT_MAX];
};

/**
 * struct fuzz - one run
 * @kept: inputs that others are made from, good ones first
 * @n: how many
 * @reached: places of the module, by a hash
 * @places: how many
 * @trace: where the kernel says what it runs through, or NULL
 * @fd: socket, or TUN device
 * @family: number of the family
 * @heard: last packet of the node
 * @seq: of the last packet to it
 * @random: state of the generator
 */
struct fuzz {
	struct input *kept;
	size_t n;
	bool reached[PLACES];
	size_t places;
	unsigned long *trace;
	int fd;
	int family;
	struct hb_wire_hdr heard;
	uint64_t seq;
	uint64_t random;
};

#define SECRET	"secret=x:000102030405060708090a0b0c0d0e0f101112131415161718191a"

static const char *const requests[] = {
	"peer-del all",
	"node-set name=s:f port=u16:7694",
	"node-set key=[ slot=u8:1 " SECRET "1b1c1d1e1f ] key-send=u8:1",
	"peer-new name=s:a path=[ addr4=4:10.0.9.2 port=u16:7000 ] auth=u32:0",
	"peer-set name=s:a interval-us=u32:50000 multiplier=u8:3 detect=u32:1",
	"peer-set name=s:a floor-us=u64:50000 ceiling-us=u64:900000",
	"peer-set name=s:a hold-up-us=u64:1000",
	"peer-new name=s:b path=[ addr6=6:fd00::2 ifindex=u32:1 index=u8:0 ]",
	"peer-set name=s:b key=[ slot=u8:2 " SECRET "1b1c1d1e1f ]",
	"peer-set name=s:b enabled=u8:0 key-send=u8:2",
	"peer-set all enabled=u8:1",
	"peer-set name=s:a maintenance-us=u64:1000",
	"node-set leave maintenance-us=u64:1000",
	"node-get",
	"stats-get",
	"peer-get",
	"peer-get name=s:a",
	"peer-stats-get name=s:a",
	"event-get since=u64:1",
	"peer-del name=s:b",
};

/* xorshift64* (Vigna, ACM TOMS 42(4), 2016): a seed gives the same run again */
static uint64_t draw(struct fuzz *fuzz, uint64_t below)
{
	fuzz->random ^= fuzz->random >> 12;
	fuzz->random ^= fuzz->random << 25;
	fuzz->random ^= fuzz->random >> 27;
	return (fuzz->random * 0x2545f4914f6cdd1dULL >> 11) % below;
}

static bool one_in(struct fuzz *fuzz, unsigned int n)
{
	return !draw(fuzz, n);
}

static void keep(struct fuzz *fuzz, const struct input *in)
{
	if (fuzz->n < KEPT_MAX)
		fuzz->kept[fuzz->n++] = *in;
}

/* Take @len bytes out at @at. */
static void cut(struct input *in, size_t at, size_t len)
{
	memmove(in->data + at, in->data + at + len, in->len - at - len);
	in->len -= len;
}

static void insert(struct input *in, size_t at, const uint8_t *from, size_t len)
{
	if (in->len + len > INPUT_MAX)
		return;
	memmove(in->data + at + len, in->data + at, in->len - at);
	memcpy(in->data + at, from, len);
	in->len += len;
}

static void mutate(struct fuzz *fuzz, struct input *in)
{
	static const uint32_t edges[] = { 0, 1, 99, 100, 127, 128, 255, 256,
		65535, 65536, 60000000, 60000001, INT32_MAX, UINT32_MAX };
	const struct input *other = &fuzz->kept[draw(fuzz, fuzz->n)];
	size_t at = draw(fuzz, in->len + 1) & ~3, from, len;
	uint32_t edge = edges[draw(fuzz, ARRAY_SIZE(edges))];

	switch (draw(fuzz, 7)) {
	case 0:
		if (at < in->len)
			in->data[draw(fuzz, in->len)] ^= 1 << draw(fuzz, 8);
		break;
	case 1:
		if (at < in->len)
			in->data[draw(fuzz, in->len)] = draw(fuzz, 256);
		break;
	case 2:
		if (at + 4 <= in->len)
			memcpy(in->data + at, &edge, 4);
		break;
	case 3:
		edge = htobe32(edge);
		if (at + 4 <= in->len)
			memcpy(in->data + at, &edge, 4);
		break;
	case 4:
		len = draw(fuzz, 32) & ~3;
		if (at + len <= in->len)
			cut(in, at, len);
		break;
	case 5:
		in->len = draw(fuzz, in->len + 1);
		break;
	default:
		from = draw(fuzz, other->len + 1) & ~3;
		len = draw(fuzz, 64);
		if (from + len <= other->len && at <= in->len)
			insert(in, at, other->data + from, len);
	}
}

static void open_kcov(struct fuzz *fuzz)
{
	int fd = open("/sys/kernel/debug/kcov", O_RDWR);

	if (fd < 0)
		return;
	if (ioctl(fd, KCOV_INIT_TRACE, TRACE_LEN))
		err(1, "KCOV_INIT_TRACE");
	fuzz->trace = mmap(NULL, TRACE_LEN * sizeof(*fuzz->trace),
			   PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (fuzz->trace == MAP_FAILED)
		err(1, "mmap");
	if (ioctl(fd, KCOV_ENABLE, KCOV_TRACE_PC))
		err(1, "KCOV_ENABLE");
}

/* Was something reached that no input had reached? */
static bool is_new(struct fuzz *fuzz)
{
	unsigned long n, i, pc;
	size_t before = fuzz->places;

	if (!fuzz->trace)
		return false;
	n = __atomic_load_n(&fuzz->trace[0], __ATOMIC_RELAXED);
	for (i = 1; i <= n; i++) {
		pc = fuzz->trace[i] * 0x9e3779b97f4a7c15ULL >> 48;
		fuzz->places += !fuzz->reached[pc];
		fuzz->reached[pc] = true;
	}
	return fuzz->places > before;
}

/* Lengths that fit, mostly, and no peer that beats too often. */
static void mend_attrs(struct fuzz *fuzz, struct input *in)
{
	struct nlattr *nla;
	size_t at;
	uint32_t us;

	for (at = GENL_HDRLEN; at + NLA_HDRLEN <= in->len;
	     at += NLA_ALIGN(nla->nla_len)) {
		nla = (void *)(in->data + at);
		if (nla->nla_len < NLA_HDRLEN || at + nla->nla_len > in->len)
			nla->nla_len = in->len - at;
		us = 0;
		if (nla->nla_type == HB_A_PEER_INTERVAL_US &&
		    nla->nla_len >= NLA_HDRLEN + sizeof(us))
			memcpy(&us, nla + 1, sizeof(us));
		if (us >= 100 && us < TAME_US && !one_in(fuzz, 64))
			memcpy(nla + 1, &(uint32_t){ TAME_US }, sizeof(us));
	}
}

/* The kernel has done all when send() is back, but for the rest of a dump. */
static void request(struct fuzz *fuzz, const struct input *in, int flags)
{
	static uint8_t buf[1 << 15];
	struct nlmsghdr *nlh = (void *)buf;

	*nlh = (struct nlmsghdr){
		.nlmsg_len = NLMSG_HDRLEN + in->len,
		.nlmsg_type = fuzz->family,
		.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags,
	};
	memcpy(buf + NLMSG_HDRLEN, in->data, in->len);
	if (send(fuzz->fd, buf, nlh->nlmsg_len, 0) < 0 && errno != EBUSY)
		err(1, "send");
	while (recv(fuzz->fd, buf, sizeof(buf), MSG_DONTWAIT) > 0)
		;
}

static void try_request(struct fuzz *fuzz, struct input *in)
{
	if (!one_in(fuzz, 8))
		mend_attrs(fuzz, in);
	request(fuzz, in, one_in(fuzz, 3) ? NLM_F_DUMP : 0);
}

/* A good request, as it is. */
static void do_good(struct fuzz *fuzz, size_t i)
{
	static struct request req;
	struct input in;
	char line[512];

	strcpy(line, requests[i]);
	request_build_line(&req, line);
	in.len = req.len - NLMSG_HDRLEN;
	memcpy(in.data, req.buf + NLMSG_HDRLEN, in.len);
	request(fuzz, &in, req.cmd->dump ? NLM_F_DUMP : 0);
	if (fuzz->n < ARRAY_SIZE(requests))
		keep(fuzz, &in);
}

static void begin_requests(struct fuzz *fuzz)
{
	fuzz->fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);
	if (fuzz->fd < 0)
		err(1, "socket");
	fuzz->family = request_family();
}

static void open_tun(struct fuzz *fuzz, const char *name)
{
	struct ifreq ifr = { .ifr_flags = IFF_TUN | IFF_NO_PI };

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", name);
	fuzz->fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
	if (fuzz->fd < 0 || ioctl(fuzz->fd, TUNSETIFF, &ifr))
		err(1, "/dev/net/tun");
}

/* What the node has sent meanwhile */
static void overhear(struct fuzz *fuzz)
{
	const size_t at = sizeof(struct iphdr) + sizeof(struct udphdr);
	uint8_t buf[2048];
	ssize_t len;

	while ((len = read(fuzz->fd, buf, sizeof(buf))) > 0)
		if (len >= (ssize_t)(at + sizeof(fuzz->heard)) &&
		    buf[0] >> 4 == 4)
			memcpy(&fuzz->heard, buf + at, sizeof(fuzz->heard));
}

static uint16_t checksum(const void *data, size_t len)
{
	const uint16_t *word = data;
	uint32_t sum = 0;

	for (; len > 1; len -= 2)
		sum += *word++;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

/* What the node would take, as far as this is about who, when and how long. */
static void mend_header(struct fuzz *fuzz, struct input *in)
{
	struct hb_wire_hdr *hdr = (void *)in->data;

	if (in->len < sizeof(*hdr))
		return;
	if (!one_in(fuzz, 16))
		hdr->length = htobe16(in->len);
	if (!one_in(fuzz, 16))
		hdr->src = fuzz->heard.dst;
	if (!one_in(fuzz, 16))
		hdr->dst = fuzz->heard.src;
	if (!one_in(fuzz, 16))
		hdr->echo = one_in(fuzz, 8) ? 0 : fuzz->heard.session;
	if (!one_in(fuzz, 16))
		hdr->session = fuzz->heard.echo ?: htobe64(4711);
	if (!one_in(fuzz, 16))
		hdr->seq = htobe64(++fuzz->seq);
	if (!one_in(fuzz, 4))
		hdr->heard_seq = fuzz->heard.seq;
}

static void try_packet(struct fuzz *fuzz, struct input *in)
{
	struct {
		struct iphdr ip;
		struct udphdr udp;
		uint8_t data[INPUT_MAX];
	} __attribute__((packed)) packet = {
		.ip = {
			.version = 4,
			.ihl = 5,
			.ttl = 255,
			.protocol = IPPROTO_UDP,
			.saddr = inet_addr("10.0.9.2"),
			.daddr = inet_addr("10.0.9.1"),
		},
		.udp = {
			.source = htobe16(7694),
			.dest = htobe16(7694),
			.len = htobe16(sizeof(packet.udp) + in->len),
		},
	};
	size_t len = sizeof(packet.ip) + sizeof(packet.udp) + in->len;

	overhear(fuzz);
	mend_header(fuzz, in);
	memcpy(packet.data, in->data, in->len);
	packet.ip.tot_len = htobe16(len);
	/* fragments, lengths, options and checksums that are wrong */
	if (one_in(fuzz, 16))
		((uint8_t *)&packet)[draw(fuzz, 28)] ^= 1 << draw(fuzz, 8);
	if (one_in(fuzz, 64))
		packet.ip.frag_off = htobe16(draw(fuzz, 0x4000) & 0x2003);
	packet.ip.check = checksum(&packet.ip, sizeof(packet.ip));
	if (write(fuzz->fd, &packet, len) < 0 && errno != EINVAL &&
	    errno != EAGAIN)
		err(1, "write");
}

/* A beat, and a goodbye. */
static void begin_packets(struct fuzz *fuzz, const char *device)
{
	struct hb_wire_hdr hdr = {
		.version = HB_WIRE_VERSION,
		.type = HB_WIRE_BEAT,
		.multiplier = 3,
		.session = htobe64(4711),
		.incarnation = htobe64(42),
		.interval_us = htobe32(100000),
		.min_rx_us = htobe32(100000),
	};
	struct input in = { .len = sizeof(hdr) };

	open_tun(fuzz, device);
	memcpy(in.data, &hdr, sizeof(hdr));
	keep(fuzz, &in);
	hdr.type = HB_WIRE_GOODBYE;
	memcpy(in.data, &hdr, sizeof(hdr));
	keep(fuzz, &in);
}

static void step(struct fuzz *fuzz, bool packets)
{
	struct input in = fuzz->kept[draw(fuzz, fuzz->n)];
	unsigned int n = draw(fuzz, fuzz->trace ? 4 : 12);

	while (n--)
		mutate(fuzz, &in);
	if (fuzz->trace)
		__atomic_store_n(&fuzz->trace[0], 0, __ATOMIC_RELAXED);
	if (packets)
		try_packet(fuzz, &in);
	else
		try_request(fuzz, &in);
	if (is_new(fuzz))
		keep(fuzz, &in);
}

static size_t run(struct fuzz *fuzz, const char *device, time_t seconds)
{
	time_t end = time(NULL) + seconds;
	size_t tries, i;

	for (tries = 0; time(NULL) < end; tries++) {
		for (i = 0; !device && tries % ROUND == 0 &&
		     i < ARRAY_SIZE(requests); i++)
			do_good(fuzz, i);
		step(fuzz, device);
	}
	return tries;
}

int main(int argc, char **argv)
{
	static struct fuzz fuzz;
	size_t tries;

	if (argc != 4 && argc != 5) {
		fputs("usage: fuzz requests|packets SECONDS SEED [DEVICE]\n",
		      stderr);
		return 2;
	}
	fuzz.random = strtoull(argv[3], NULL, 0) ?: 1;
	fuzz.kept = calloc(KEPT_MAX, sizeof(*fuzz.kept));
	if (!fuzz.kept)
		err(1, "calloc");
	if (argc == 5)
		begin_packets(&fuzz, argv[4]);
	else
		begin_requests(&fuzz);
	open_kcov(&fuzz);
	tries = run(&fuzz, argv[4], atoi(argv[2]));
	printf("%zu %s, %zu kept, %zu places reached\n", tries, argv[1],
	       fuzz.n, fuzz.places);
	return 0;
}
