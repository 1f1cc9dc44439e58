// SPDX-License-Identifier: GPL-2.0
/* The UDP sockets of a namespace. Kernel sockets: they don't keep the namespace
 * alive.
 */
#include <linux/net.h>
#include <linux/netlink.h>
#include <linux/udp.h>
#include <net/ipv6.h>
#include <net/sock.h>
#include <net/udp_tunnel.h>

#include "rx.h"
#include "sock.h"

static int hb_sock_bind4(struct socket *sock, u16 port)
{
	struct sockaddr_in addr = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
	};

	/* The type of the address changed in 6.19. */
	return kernel_bind(sock, (void *)&addr, sizeof(addr));
}

static int hb_sock_bind6(struct socket *sock, u16 port)
{
	struct sockaddr_in6 addr = {
		.sin6_family = AF_INET6,
		.sin6_port = htons(port),
	};

	if (ip6_sock_set_v6only(sock->sk))
		return -EINVAL;
	return kernel_bind(sock, (void *)&addr, sizeof(addr));
}

/* What setup_udp_tunnel_sock() does, which is not in the kernel image. */
static void hb_sock_divert(struct sock *sk, struct hb_net *hn)
{
	sk->sk_allocation = GFP_ATOMIC;
	rcu_assign_sk_user_data(sk, hn);
	udp_sk(sk)->encap_type = 1;
	udp_sk(sk)->encap_rcv = hb_rx;
	udp_tunnel_encap_enable(sk);
}

static struct sock *hb_sock_new(struct hb_net *hn, int family, u16 port)
{
	struct socket *sock;
	int err;

	err = sock_create_kern(hn->net, family, SOCK_DGRAM, IPPROTO_UDP, &sock);
	if (err)
		return ERR_PTR(err);
	err = family == AF_INET ? hb_sock_bind4(sock, port) :
				  hb_sock_bind6(sock, port);
	if (err) {
		sock_release(sock);
		return ERR_PTR(err);
	}
	hb_sock_divert(sock->sk, hn);
	return sock->sk;
}

static void hb_sock_free(struct sock *sk)
{
	if (!sk)
		return;
	kernel_sock_shutdown(sk->sk_socket, SHUT_RDWR);
	sock_release(sk->sk_socket);
}

void hb_sock_close(struct hb_net *hn)
{
	struct sock *sk4 = rcu_replace_pointer(hn->sock4, NULL, true);
	struct sock *sk6 = rcu_replace_pointer(hn->sock6, NULL, true);

	if (sk4)
		rcu_assign_sk_user_data(sk4, NULL);
	if (sk6)
		rcu_assign_sk_user_data(sk6, NULL);
	/* Receivers hold the user data, senders the sockets, both under RCU. */
	if (sk4 || sk6)
		synchronize_net();
	hb_sock_free(sk4);
	hb_sock_free(sk6);
}

int hb_sock_open(struct hb_net *hn, u16 port, struct netlink_ext_ack *extack)
{
	struct sock *sk4, *sk6;

	sk4 = hb_sock_new(hn, AF_INET, port);
	if (IS_ERR(sk4)) {
		NL_SET_ERR_MSG(extack,
			       "can't open the UDP port, 7694 unless given, over IPv4");
		return PTR_ERR(sk4);
	}
	sk6 = hb_sock_new(hn, AF_INET6, port);
	/* A kernel without IPv6, or one that was told to go without. */
	if (PTR_ERR_OR_ZERO(sk6) == -EAFNOSUPPORT)
		sk6 = NULL;
	if (IS_ERR(sk6)) {
		NL_SET_ERR_MSG(extack,
			       "can't open the UDP port, 7694 unless given, over IPv6");
		hb_sock_free(sk4);
		return PTR_ERR(sk6);
	}
	hb_sock_close(hn);
	hn->port = port;
	rcu_assign_pointer(hn->sock4, sk4);
	rcu_assign_pointer(hn->sock6, sk6);
	return 0;
}
