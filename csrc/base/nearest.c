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

int dx_near(size_t len)
{
    return len < 4 ? 1 : len < 8 ? 2 : (int)(len / 4) + 1;
}
