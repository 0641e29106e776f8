/* Edit distance between short words: see nearest.h. */
#include "base/nearest.h"

#include <string.h>

static int lower(char c)
{
    return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

int dx_distance(const char *a, size_t na, const char *b, size_t nb, int limit)
{
    int rows[3][DX_NEAREST_MAX + 1];
    int *before = rows[0], *last = rows[1], *row = rows[2], *spare;
    size_t i, j;

    if (na > DX_NEAREST_MAX || nb > DX_NEAREST_MAX)
        return limit + 1;
    memset(before, 0, sizeof rows[0]);
    for (j = 0; j <= nb; j++)
        last[j] = (int)j;
    for (i = 1; i <= na; i++) {
        int best = row[0] = (int)i;

        for (j = 1; j <= nb; j++) {
            int same = lower(a[i - 1]) == lower(b[j - 1]);
            int cost = least(last[j - 1] + !same, least(last[j], row[j - 1]) + 1);

            if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]))
                cost = least(cost, before[j - 2] + 1);
            row[j] = cost;
            best = least(best, cost);
        }
        if (best > limit)
            return limit + 1;
        spare = before;
        before = last;
        last = row;
        row = spare;
    }
    return least(last[nb], limit + 1);
}

/* The largest distance at which a name still counts as near to a word of that length. */
static int near_enough(size_t len)
{
    return len < 4 ? 1 : len < 8 ? 2 : (int)(len / 4) + 1;
}

/* ---- opposites */

/*
 * Stems of words that give a name a direction: 1 towards more, -1 towards
 * less. A stem of five letters or more may be misspelt by one letter.
 */
static const struct {
    const char *stem;
    int direction;
} directions[] = {
    { "accept", 1 }, { "add", 1 }, { "allocat", 1 }, { "associat", 1 }, { "attach", 1 }, { "availab", 1 },
    { "creat", 1 }, { "enabl", 1 }, { "start", 1 }, { "tag", 1 }, { "up", 1 },
    { "abort", -1 }, { "cancel", -1 }, { "delet", -1 }, { "detach", -1 }, { "disabl", -1 }, { "disassociat", -1 },
    { "down", -1 }, { "reject", -1 }, { "releas", -1 }, { "remov", -1 }, { "stop", -1 }, { "unavailab", -1 },
    { "untag", -1 },
};

static int has_stem(const char *word, size_t len, const char *stem)
{
    size_t n = strlen(stem), cut;

    if (n <= 4)
        return dx_distance(word, len, stem, n, 0) == 0;
    for (cut = n - 1; cut <= n + 1 && cut <= len; cut++)
        if (dx_distance(word, cut, stem, n, 1) <= 1)
            return 1;
    return 0;
}

static int direction_of_word(const char *word, size_t len)
{
    size_t i;

    for (i = 0; i < sizeof directions / sizeof *directions; i++)
        if (has_stem(word, len, directions[i].stem))
            return directions[i].direction;
    return 0;
}

static int is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* The direction of a name: that of its first word (create_lag), else that of its last (connection_up), else 0. */
static int direction_of(const char *name, size_t len)
{
    size_t end = 1, start = len;
    int direction;

    if (len == 0)
        return 0;
    while (end < len && name[end] != '_' && !is_upper(name[end]))
        end++;
    direction = direction_of_word(name, end);
    while (start > 0 && name[start - 1] != '_' && !(start < len && is_upper(name[start])))
        start--;
    return direction != 0 ? direction : direction_of_word(name + start, len - start);
}

/* ---- the search */

void dx_nearest_begin(struct dx_nearest *search, const char *word, size_t len)
{
    search->word = word;
    search->len = len;
    search->limit = near_enough(len);
    search->direction = len <= DX_NEAREST_MAX ? direction_of(word, len) : 0;
    search->best = NULL;
}

void dx_nearest_try(struct dx_nearest *search, const char *name, size_t len)
{
    int distance;

    if (search->limit < 0)
        return;
    distance = dx_distance(search->word, search->len, name, len, search->limit);
    if (distance > search->limit)
        return;
    if (search->direction * direction_of(name, len) < 0)
        return;
    search->best = name;
    search->limit = distance - 1;
}
