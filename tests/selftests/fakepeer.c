// SPDX-License-Identifier: GPL-2.0
/* Plays any number of peers, without keys, on one UDP socket: whoever asks for
 * a session gets one, and then never hears of it again. So every peer of a node
 * that beats to this address comes up and dies a detection time later.
 */
#include <endian.h>
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <sys/random.h>
#include <sys/socket.h>

#include "../../kmod/core/proto.h"

enum {
	BATCH = 64,
	SEEN_BITS = 18,
	SEEN_SIZE = 1 << SEEN_BITS,
};

/**
 * struct fake - all the peers
 * @fd: their socket
 * @once: answer each pair of ids once only
 * @limit: answers to give, 0 for no limit
 * @answered: answers given
 * @seq: of the last packet sent
 * @incarnation: of all peers
 * @seen: keys of the pairs that were answered, a hash table
 */
struct fake {
	int fd;
	bool once;
	unsigned long limit;
	unsigned long answered;
	uint64_t seq;
	uint64_t incarnation;
	uint64_t seen[SEEN_SIZE];
};

struct packet {
	struct hb_wire_hdr hdr;
	struct sockaddr_storage from;
	struct iovec iov;
};

static volatile sig_atomic_t stop;

static void on_signal(int signo)
{
	(void)signo;
	stop = 1;
}

static uint64_t draw(void)
{
	uint64_t val;

	if (getrandom(&val, sizeof(val), 0) != sizeof(val))
		err(1, "getrandom");
	return val ? val : 1;
}

/* Take note of a pair of ids. True if it is new. */
static bool note(struct fake *fake, const struct hb_wire_hdr *hdr)
{
	uint64_t key = hdr->dst ^ hdr->src * 0x9e3779b97f4a7c15ULL;
	uint64_t at = key * 0x9e3779b97f4a7c15ULL >> (64 - SEEN_BITS);
	unsigned int tries;

	for (tries = 0; tries < SEEN_SIZE; tries++) {
		if (fake->seen[at] == key)
			return false;
		if (!fake->seen[at]) {
			fake->seen[at] = key;
			return true;
		}
		at = (at + 1) % SEEN_SIZE;
	}
	errx(1, "more than %d peers", SEEN_SIZE);
}

static bool is_question(const struct hb_wire_hdr *hdr, size_t len)
{
	return len >= sizeof(*hdr) && hdr->version == HB_WIRE_VERSION &&
	       hdr->type == HB_WIRE_BEAT && !hdr->echo;
}

/* Turn a question into its answer. */
static void answer(struct fake *fake, struct hb_wire_hdr *hdr)
{
	uint64_t asker = hdr->src;

	hdr->flags = 0;
	hdr->length = htobe16(sizeof(*hdr));
	hdr->src = hdr->dst;
	hdr->dst = asker;
	hdr->echo = hdr->session;
	hdr->session = draw();
	hdr->seq = htobe64(++fake->seq);
	hdr->incarnation = fake->incarnation;
	hdr->stalled_us = 0;
	hdr->heard_seq = 0;
	hdr->hold_us = htobe32(HB_WIRE_HOLD_NONE);
	fake->answered++;
}

static void send_all(struct fake *fake, struct mmsghdr *msgs, unsigned int n)
{
	unsigned int done = 0;
	int ret;

	while (done < n) {
		ret = sendmmsg(fake->fd, msgs + done, n - done, 0);
		if (ret < 0 && errno != EINTR && errno != ENOBUFS)
			err(1, "sendmmsg");
		done += ret > 0 ? ret : 0;
	}
}

/* Receive what is there, answer what is a question. False when interrupted. */
static bool serve(struct fake *fake, struct packet *packets)
{
	struct mmsghdr in[BATCH] = { }, out[BATCH];
	unsigned int n = 0;
	int i, got;

	for (i = 0; i < BATCH; i++) {
		packets[i].iov = (struct iovec){ &packets[i].hdr,
						 sizeof(packets[i].hdr) };
		in[i].msg_hdr.msg_name = &packets[i].from;
		in[i].msg_hdr.msg_namelen = sizeof(packets[i].from);
		in[i].msg_hdr.msg_iov = &packets[i].iov;
		in[i].msg_hdr.msg_iovlen = 1;
	}
	got = recvmmsg(fake->fd, in, BATCH, MSG_WAITFORONE, NULL);
	if (got < 0 && errno != EINTR)
		err(1, "recvmmsg");
	for (i = 0; i < got; i++) {
		if (fake->limit && fake->answered >= fake->limit)
			break;
		if (!is_question(&packets[i].hdr, in[i].msg_len) ||
		    (fake->once && !note(fake, &packets[i].hdr)))
			continue;
		answer(fake, &packets[i].hdr);
		out[n++] = in[i];
	}
	send_all(fake, out, n);
	return got >= 0;
}

static int open_socket(const char *addr, const char *port)
{
	struct sockaddr_in6 sa6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in sa4 = { .sin_family = AF_INET };
	int fd, ret, size = 16 << 20;
	bool v6 = strchr(addr, ':');

	sa4.sin_port = htons(atoi(port));
	sa6.sin6_port = sa4.sin_port;
	if (inet_pton(v6 ? AF_INET6 : AF_INET, addr,
		      v6 ? (void *)&sa6.sin6_addr : &sa4.sin_addr) != 1)
		errx(2, "'%s' is no address", addr);
	fd = socket(v6 ? AF_INET6 : AF_INET, SOCK_DGRAM, 0);
	if (fd < 0)
		err(1, "socket");
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size));
	ret = v6 ? bind(fd, (struct sockaddr *)&sa6, sizeof(sa6)) :
		   bind(fd, (struct sockaddr *)&sa4, sizeof(sa4));
	if (ret)
		err(1, "bind");
	return fd;
}

static void catch_signals(unsigned int duration)
{
	struct sigaction sa = { .sa_handler = on_signal };

	sigaction(SIGALRM, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
	alarm(duration);
}

static int usage(void)
{
	fputs("usage: fakepeer [--once] [--count N] [--duration S] ADDR PORT\n",
	      stderr);
	return 2;
}

int main(int argc, char **argv)
{
	static const struct option opts[] = {
		{ "once", no_argument, NULL, 'o' },
		{ "count", required_argument, NULL, 'c' },
		{ "duration", required_argument, NULL, 'd' },
		{ }
	};
	static struct packet packets[BATCH];
	static struct fake fake;
	unsigned int duration = 0;
	int opt;

	while ((opt = getopt_long(argc, argv, "oc:d:", opts, NULL)) >= 0) {
		if (opt == 'o')
			fake.once = true;
		else if (opt == 'c')
			fake.limit = strtoul(optarg, NULL, 10);
		else if (opt == 'd')
			duration = strtoul(optarg, NULL, 10);
		else
			return usage();
	}
	if (argc - optind != 2)
		return usage();
	fake.incarnation = draw();
	fake.fd = open_socket(argv[optind], argv[optind + 1]);
	catch_signals(duration);
	puts("ready");
	fflush(stdout);
	while (!stop && (!fake.limit || fake.answered < fake.limit))
		serve(&fake, packets);
	printf("answered %lu\n", fake.answered);
	return 0;
}
