/* What was probably meant by parameters that can't be sent: the second half of their problems' messages. */
#include "lua/marshal.h"

#include <string.h>

enum { MEMBERS_TOLD = 3 }; /* an example of a structure with more members would only be long */

static int can_be_told(const struct dx_shape *shape)
{
    return shape != NULL && shape->type == DX_STRUCTURE && shape->nmembers > 0 && shape->nmembers <= MEMBERS_TOLD;
}

/* "{ key = ..., value = ... }" */
static void add_example(struct dx_buf *text, const struct dx_shape *shape)
{
    int i;

    for (i = 0; i < shape->nmembers; i++) {
        dx_buf_adds(text, i == 0 ? "{ " : ", ");
        dx_buf_adds(text, shape->members[i].name);
        dx_buf_adds(text, " = ...");
    }
    dx_buf_adds(text, " }");
}

void dx_hint_structure(struct dx_marshal *m, const struct dx_shape *shape)
{
    if (!can_be_told(shape))
        return;
    dx_buf_adds(m->problems.text, " as ");
    add_example(m->problems.text, shape);
}

void dx_hint_items(struct dx_marshal *m, const struct dx_shape *item)
{
    if (!can_be_told(item))
        return;
    dx_buf_adds(m->problems.text, " of tables, as { ");
    add_example(m->problems.text, item);
    dx_buf_adds(m->problems.text, " }");
}

/* Whether a limit admits a value. */
static int is_within(const struct dx_limit *limit, int64_t value)
{
    int i;

    for (i = 0; limit != NULL && i < limit->nranges; i++)
        if (value >= limit->ranges[i].min && value <= limit->ranges[i].max)
            return 1;
    return limit == NULL || limit->nranges == 0;
}

/* The member that a rule takes instead of the one at index `given`: both by themselves, not both. NULL where none. */
static const struct dx_member *alternative(const struct dx_shape *shape, const struct dx_rule *rule, int given)
{
    const struct dx_member *other = NULL;
    int is_there = 0, i, k;

    if (rule->kind != DX_ONE && rule->kind != DX_AT_MOST_ONE)
        return NULL;
    for (i = 0; i < rule->ngroups; i++) {
        if (rule->groups[i] == UINT64_C(1) << given)
            is_there = 1;
        for (k = 0; k < shape->nmembers; k++)
            if (k != given && rule->groups[i] == UINT64_C(1) << k)
                other = &shape->members[k];
    }
    return is_there ? other : NULL;
}

void dx_hint_other_member(struct dx_marshal *m, int64_t value)
{
    const struct dx_shape *shape = m->structure;
    const struct dx_member *other;
    int i, given = m->member != NULL ? (int)(m->member - shape->members) : -1;

    for (i = 0; given >= 0 && i < shape->nrules; i++) {
        other = alternative(shape, &shape->rules[i], given);
        if (other == NULL || (other->shape->type != DX_LONG && other->shape->type != DX_INTEGER))
            continue;
        if (!is_within(other->limit != NULL ? other->limit : other->shape->limit, value))
            continue;
        dx_buf_adds(m->problems.text, ": give it as ");
        dx_buf_adds(m->problems.text, other->name);
        return;
    }
}

static int has_member(const struct dx_shape *shape, const char *name, size_t len)
{
    int i;

    for (i = 0; i < shape->nmembers; i++)
        if (shape->members[i].len == len && memcmp(shape->members[i].name, name, len) == 0)
            return 1;
    return 0;
}

int dx_hint_place(struct dx_marshal *m, const struct dx_shape *shape, const struct dx_shape *outer, const char *name,
                  size_t len, const struct dx_path *path)
{
    struct dx_buf *text = m->problems.text;
    int i;

    for (i = 0; i < shape->nmembers; i++) {
        const struct dx_shape *inner = shape->members[i].shape;

        if (inner->type == DX_STRUCTURE && has_member(inner, name, len)) {
            dx_buf_adds(text, ": it belongs into ");
            dx_buf_adds(text, shape->members[i].name);
            return 1;
        }
    }
    if (outer != NULL && path->name != NULL && has_member(outer, name, len)) {
        dx_buf_adds(text, ": it belongs beside ");
        dx_buf_add(text, path->name, path->len);
        return 1;
    }
    return 0;
}

/* ---- ARNs */

static int ends_with(const char *name, size_t len, const char *end)
{
    size_t n = strlen(end);

    return len >= n && memcmp(name + len - n, end, n) == 0;
}

/* The member at `path`, or whose list is there, where it takes ARNs; else NULL. */
static const struct dx_path *arn_member(const struct dx_path *path)
{
    const struct dx_path *at = path->name == NULL ? path->up : path;

    if (at == NULL || at->name == NULL)
        return NULL;
    return ends_with(at->name, at->len, "Arn") || ends_with(at->name, at->len, "ARN") ||
           ends_with(at->name, at->len, "Arns") ? at : NULL;
}

static int is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* A gateway's id is a UUID. */
static int is_uuid(const char *text, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++)
        if (i == 8 || i == 13 || i == 18 || i == 23 ? text[i] != '-' : !is_hex(text[i]))
            return 0;
    return len == 36;
}

void dx_check_arn(struct dx_marshal *m, const char *text, size_t len, const struct dx_path *path)
{
    static const char *const kinds[] = { "dxcon", "dxlag", "dxvif" };
    const struct dx_path *member = arn_member(path);
    const char *kind = NULL;
    size_t i;

    if (member == NULL)
        return;
    for (i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (len > 6 && memcmp(text, kinds[i], 5) == 0 && text[5] == '-')
            kind = kinds[i];
    if (kind == NULL && is_uuid(text, len))
        kind = "dx-gateway";
    if (kind == NULL)
        return;
    dx_buf_adds(m->problems.text, "expected an ARN");
    if (member->len > 8 && memcmp(member->name, "resource", 8) == 0) {
        dx_buf_adds(m->problems.text, ", as arn:aws:directconnect:REGION:ACCOUNT:");
        dx_buf_adds(m->problems.text, kind);
        dx_buf_addc(m->problems.text, '/');
        dx_buf_add(m->problems.text, text, len <= 64 ? len : 64);
    }
    dx_buf_adds(m->problems.text, ", got an id");
    m->problems.rule = "arn";
    dx_problem_text(&m->problems, path);
    m->problems.rule = NULL;
}
