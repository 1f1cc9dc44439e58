// SPDX-License-Identifier: GPL-2.0
/* Extended acknowledgments, which libnl does not parse: the kernel's words, the
 * attribute it blames and the limits of that attribute.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <linux/genetlink.h>
#include <netlink/genl/genl.h>

#include "nl.h"

/* Append ".name" of an attribute, or its number if it is news to us. */
static void path_append(char *path, size_t size, const struct hb_set *set,
			unsigned int type)
{
	const struct hb_attr *attr = set ? hb_schema_attr(set, type) : NULL;
	size_t len = strlen(path);

	if (attr)
		snprintf(path + len, size - len, ".%s", attr->name);
	else
		snprintf(path + len, size - len, ".%u", type);
}

/* Name the attribute that holds the byte @target of the request, and the nests
 * around it. Returns the set inside of that attribute.
 */
static const struct hb_set *path_resolve(char *path, size_t size,
					 const struct hb_set *set,
					 const void *head, int len,
					 const void *target)
{
	const struct hb_attr *attr;
	struct nlattr *nla;
	int rem;

	nla_for_each_attr(nla, (struct nlattr *)head, len, rem) {
		if ((char *)target >= (char *)nla +
				      nla_total_size(nla_len(nla)))
			continue;
		path_append(path, size, set, nla_type(nla));
		attr = set ? hb_schema_attr(set, nla_type(nla)) : NULL;
		set = attr ? attr->nest : NULL;
		if (target == nla || !set)
			return set;
		return path_resolve(path, size, set, nla_data(nla),
				    nla_len(nla), target);
	}
	return set;
}

/* Start a path at the command's own set, go to the attribute at @offset. */
static const struct hb_set *err_path(struct hb_nl_err *err,
				     const struct nlmsghdr *req,
				     const struct nlattr *offset)
{
	struct genlmsghdr *genl = nlmsg_data(req);
	const struct hb_set *set = hb_schema_of(genl->cmd);
	const void *head = genlmsg_attrdata(genl, 0);
	__u64 at = hb_attr_uint(offset);

	if (!set)
		return NULL;
	snprintf(err->attr, sizeof(err->attr), "%s", set->name);
	if (!offset || at >= req->nlmsg_len)
		return set;
	return path_resolve(err->attr, sizeof(err->attr), set, head,
			    genlmsg_attrlen(genl, 0),
			    (const char *)req + at);
}

static void err_attr(struct hb_nl_err *err, const struct nlmsghdr *req,
		     struct nlattr *const *tb)
{
	const struct hb_set *set;

	if (tb[NLMSGERR_ATTR_MISS_TYPE]) {
		set = err_path(err, req, tb[NLMSGERR_ATTR_MISS_NEST]);
		path_append(err->attr, sizeof(err->attr), set,
			    hb_attr_uint(tb[NLMSGERR_ATTR_MISS_TYPE]));
		err->missing = true;
	} else if (tb[NLMSGERR_ATTR_OFFS]) {
		err_path(err, req, tb[NLMSGERR_ATTR_OFFS]);
	}
}

static void range_between(struct hb_nl_err *err, const char *unit,
			  struct nlattr *min, struct nlattr *max)
{
	if (min && max)
		snprintf(err->range, sizeof(err->range), "%llu to %llu%s",
			 hb_attr_uint(min), hb_attr_uint(max), unit);
	else if (min)
		snprintf(err->range, sizeof(err->range), "at least %llu%s",
			 hb_attr_uint(min), unit);
	else if (max)
		snprintf(err->range, sizeof(err->range), "at most %llu%s",
			 hb_attr_uint(max), unit);
}

static void err_range(struct hb_nl_err *err, struct nlattr *policy)
{
	struct nlattr *tb[NL_POLICY_TYPE_ATTR_MAX + 1];

	if (!policy || nla_parse_nested(tb, NL_POLICY_TYPE_ATTR_MAX, policy,
					NULL) < 0)
		return;
	range_between(err, "", tb[NL_POLICY_TYPE_ATTR_MIN_VALUE_U],
		      tb[NL_POLICY_TYPE_ATTR_MAX_VALUE_U]);
	if (!err->range[0])
		range_between(err, " bytes",
			      tb[NL_POLICY_TYPE_ATTR_MIN_LENGTH],
			      tb[NL_POLICY_TYPE_ATTR_MAX_LENGTH]);
}

static void err_tlvs(struct hb_nl_err *err, const struct nlmsghdr *req,
		     const void *head, int len)
{
	struct nlattr *tb[NLMSGERR_ATTR_MAX + 1];

	if (len <= 0 || nla_parse(tb, NLMSGERR_ATTR_MAX, (struct nlattr *)head,
				  len, NULL) < 0)
		return;
	snprintf(err->msg, sizeof(err->msg), "%s",
		 hb_attr_str(tb[NLMSGERR_ATTR_MSG]));
	err_attr(err, req, tb);
	err_range(err, tb[NLMSGERR_ATTR_POLICY]);
}

/* Errors are negative in messages; the smallest int has no opposite. */
static int err_code(int error)
{
	return error < -INT_MAX ? EBADMSG : -error;
}

/* A refusal of the request @req. */
void hb_nlerr_error(struct hb_nl_err *err, const struct nlmsghdr *req,
		    const struct nlmsgerr *e)
{
	const struct nlmsghdr *nlh = (const struct nlmsghdr *)e - 1;
	size_t len = nlmsg_datalen(nlh), skip = sizeof(e->error);

	*err = (struct hb_nl_err){ .code = err_code(e->error) };
	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	/* without NETLINK_CAP_ACK the request comes back whole */
	if (nlh->nlmsg_flags & NLM_F_CAPPED)
		skip += sizeof(e->msg);
	else
		skip += NLMSG_ALIGN((size_t)e->msg.nlmsg_len);
	if (skip < len)
		err_tlvs(err, req, (const char *)e + skip, len - skip);
}

/* The end of a dump, which tells of an error in the middle of it. */
void hb_nlerr_done(struct hb_nl_err *err, const struct nlmsghdr *req,
		   const struct nlmsghdr *done)
{
	int code;

	if (nlmsg_datalen(done) < (int)sizeof(code))
		return;
	memcpy(&code, nlmsg_data(done), sizeof(code));
	if (code >= 0)
		return;
	*err = (struct hb_nl_err){ .code = err_code(code) };
	if (done->nlmsg_flags & NLM_F_ACK_TLVS)
		err_tlvs(err, req, (char *)nlmsg_data(done) + sizeof(code),
			 nlmsg_datalen(done) - (int)sizeof(code));
}
