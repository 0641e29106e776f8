/* Columns of a text: see width.h. The system's wcwidth knows single code points; sequences of them are joined here. */
#define _XOPEN_SOURCE 700

#include "base/width.h"
#include "base/json.h"

#include <wchar.h>

enum { JOINER = 0x200D, EMOJI_STYLE = 0xFE0F, EMOJI_FIRST = 0x203C };

locale_t dx_width_locale(void)
{
    static const char *const names[] = { "C.UTF-8", "en_US.UTF-8", "UTF-8" };
    locale_t locale = (locale_t)0;
    size_t i;

    for (i = 0; i < sizeof names / sizeof *names && locale == (locale_t)0; i++)
        locale = newlocale(LC_CTYPE_MASK, names[i], (locale_t)0);
    return locale;
}

static unsigned long code_point(const char *text, size_t step)
{
    static const unsigned char masks[] = { 0, 0x7F, 0x1F, 0x0F, 0x07 };
    unsigned long code = (unsigned char)text[0] & masks[step];
    size_t i;

    for (i = 1; i < step; i++)
        code = code << 6 | ((unsigned char)text[i] & 0x3F);
    return code;
}

/* Columns that a code point adds to the one before it; `width_before` is that of the last one that took any. */
static long columns_of(unsigned long code, unsigned long before, long width_before, int has_locale)
{
    long width;

    if ((before == JOINER && width_before == 2) || (code >= 0x1F3FB && code <= 0x1F3FF && width_before == 2))
        return 0; /* joined, or a skin's colour */
    if (code == EMOJI_STYLE)
        return width_before == 1 && (before >= EMOJI_FIRST || before == 0xA9 || before == 0xAE) ? 1 : 0;
    width = has_locale ? wcwidth((wchar_t)code) : 1;
    return width < 0 ? 0 : width;
}

long dx_width(locale_t locale, const char *text, size_t len, long limit, size_t *end)
{
    const char *p = text, *stop = text + len;
    locale_t old = (locale_t)0;
    unsigned long code, before = 0;
    long width = 0, added, width_before = 0;
    size_t step = 1;

    if (locale != (locale_t)0)
        old = uselocale(locale); /* this thread's, for the loop alone */
    for (*end = 0; p < stop; p += step, *end = (size_t)(p - text)) {
        step = dx_utf8_step(p, stop);
        if (step == 0)
            break;
        code = code_point(p, step);
        added = columns_of(code, before, width_before, locale != (locale_t)0);
        if (width + added > limit)
            break;
        width += added;
        if (added > 0)
            width_before = added;
        before = code;
    }
    if (locale != (locale_t)0)
        uselocale(old);
    return step == 0 ? -1 : width;
}
