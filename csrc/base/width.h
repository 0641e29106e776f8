/* How many columns of a terminal a text takes. */
#ifndef DX_WIDTH_H
#define DX_WIDTH_H

#include <locale.h>
#include <stddef.h>

/* A locale with UTF-8, whatever the process's own is; (locale_t)0: the system has none. The caller frees it. */
locale_t dx_width_locale(void);

/*
 * Columns of a text; -1: it is not UTF-8. At most `limit` columns are counted: *end tells how many bytes fit, without
 * tearing what is drawn as one. Without a locale every code point takes a column.
 */
long dx_width(locale_t locale, const char *text, size_t len, long limit, size_t *end);

#endif
