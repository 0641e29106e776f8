/* The rules between a structure's members, checked against those that were given, and their messages. */
#include "lua/marshal.h"
#include "base/json.h"

#include <string.h>

static int bits(uint64_t mask)
{
    int n = 0;

    for (; mask != 0; mask &= mask - 1)
        n++;
    return n;
}

static void add_separator(struct dx_buf *out, int at, int count, const char *last)
{
    if (at == 0)
        return;
    dx_buf_adds(out, at == count - 1 ? last : ", ");
}

/* The names of the members in the mask: "a", "a and b", "a, b and c". */
static void add_names(struct dx_buf *out, const struct dx_shape *shape, uint64_t mask)
{
    int count = bits(mask), at = 0, i;

    for (i = 0; i < shape->nmembers; i++) {
        if (!(mask >> i & 1))
            continue;
        add_separator(out, at++, count, " and ");
        dx_buf_adds(out, shape->members[i].name);
    }
}

static void add_groups(struct dx_buf *out, const struct dx_shape *shape, const struct dx_rule *rule)
{
    int i;

    for (i = 0; i < rule->ngroups; i++) {
        int count = bits(rule->groups[i]);

        add_separator(out, i, rule->ngroups, " or ");
        if (count > 1)
            dx_buf_adds(out, count == 2 ? "both " : "all of ");
        add_names(out, shape, rule->groups[i]);
    }
}

/* Rules over groups of members: exactly one, at most one, at least one. */
static void check_groups(struct dx_marshal *m, const struct dx_shape *shape, const struct dx_rule *rule,
                         uint64_t present, int is_open, const struct dx_path *path)
{
    struct dx_buf *text = m->problems.text;
    int touched = 0, whole = 0, i;
    uint64_t missing = 0;

    for (i = 0; i < rule->ngroups; i++) {
        uint64_t group = rule->groups[i];

        if (present & group)
            missing = group & ~present;
        touched += (present & group) != 0;
        whole += (present & group) == group;
    }
    if (rule->kind == DX_ANY ? whole > 0 : touched == 1 && whole == 1)
        return;
    if (touched == 0 && (rule->kind == DX_AT_MOST_ONE || is_open))
        return;
    if (rule->kind == DX_ANY)
        dx_buf_adds(text, "give at least one of ");
    else if (rule->ngroups == 2)
        dx_buf_adds(text, rule->kind == DX_ONE ? "give either " : "give ");
    else
        dx_buf_adds(text, rule->kind == DX_ONE ? "give exactly one of " : "give at most one of ");
    add_groups(text, shape, rule);
    if (rule->kind != DX_ANY && touched > 1 && rule->ngroups == 2) {
        dx_buf_adds(text, ", not both");
    } else if (touched == 1 && missing != 0) {
        dx_buf_adds(text, "; missing: ");
        add_names(text, shape, missing);
    }
    dx_problem_text(&m->problems, path);
}

/* Rules over single members: all needed, or none taken. */
static void check_members(struct dx_marshal *m, const struct dx_shape *shape, const struct dx_rule *rule,
                          uint64_t present, const struct dx_path *path)
{
    struct dx_buf *text = m->problems.text;
    uint64_t wrong = rule->kind == DX_ALL ? rule->groups[0] & ~present : rule->groups[0] & present;
    int i;

    for (i = 0; i < shape->nmembers; i++) {
        struct dx_path at = { path, shape->members[i].name, shape->members[i].len, 0, NULL };

        if (!(wrong >> i & 1))
            continue;
        dx_buf_adds(text, rule->kind == DX_ALL ? "missing: required" : "not allowed");
        if (rule->when >= 0) {
            dx_buf_adds(text, " when ");
            dx_buf_adds(text, shape->members[rule->when].name);
            dx_buf_adds(text, " is ");
            dx_buf_adds(text, rule->value);
        }
        dx_problem_text(&m->problems, &at);
    }
}

static int is_on(struct dx_marshal *m, const struct dx_rule *rule, const int *slots)
{
    if (rule->when < 0)
        return 1;
    return slots[rule->when] != 0 && lua_type(m->L, slots[rule->when]) == LUA_TSTRING &&
           strcmp(lua_tostring(m->L, slots[rule->when]), rule->value) == 0;
}

void dx_check_rules(struct dx_marshal *m, const struct dx_shape *shape, uint64_t present, const int *slots, int is_open,
                    const struct dx_path *path)
{
    static const char *const kinds[] = { "one", "at_most_one", "any", "all", "none" };
    int i;

    for (i = 0; i < shape->nrules; i++) {
        const struct dx_rule *rule = &shape->rules[i];

        if (!is_on(m, rule, slots))
            continue;
        /* What is always required is a member's own problem. */
        m->problems.rule = rule->kind == DX_ALL && rule->when < 0 ? NULL : kinds[rule->kind];
        if (rule->kind == DX_ALL || rule->kind == DX_NONE)
            check_members(m, shape, rule, present, path);
        else
            check_groups(m, shape, rule, present, is_open, path);
    }
    m->problems.rule = NULL;
}
