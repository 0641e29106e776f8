/* The headers that a signature covers: see canonical_headers.h. */
#include "sign/canonical_headers.h"

#include <stdlib.h>
#include <string.h>

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static int is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

void dx_headers_init(struct dx_headers *f)
{
    dx_buf_init(&f->text, (size_t)1 << 26);
    dx_buf_init(&f->index, (size_t)1 << 26);
}

void dx_headers_free(struct dx_headers *f)
{
    dx_buf_free(&f->text);
    dx_buf_free(&f->index);
}

static size_t count(const struct dx_headers *f)
{
    return f->index.len / sizeof(struct dx_header);
}

static struct dx_header *all(const struct dx_headers *f)
{
    return (struct dx_header *)(void *)f->index.data;
}

int dx_headers_add(struct dx_headers *f, const char *name, size_t name_len, const char *value, size_t value_len)
{
    struct dx_header header;
    const char *end = value + value_len;
    char *to;
    size_t i;

    if (dx_buf_reserve(&f->text, name_len + value_len) != 0)
        return -1;
    to = f->text.data + f->text.len;
    header.base = NULL;
    header.name = f->text.len;
    header.name_len = name_len;
    for (i = 0; i < name_len; i++)
        *to++ = lower(name[i]);
    header.value = header.name + name_len;
    while (value < end && is_space(*value))
        value++;
    while (end > value && is_space(end[-1]))
        end--;
    for (; value < end; value++) {
        if (!is_space(*value))
            *to++ = *value;
        else if (!is_space(value[1]))
            *to++ = ' ';
    }
    header.value_len = (size_t)(to - f->text.data) - header.value;
    if (dx_buf_add(&f->index, &header, sizeof header) != 0)
        return -1;
    f->text.len = (size_t)(to - f->text.data);
    return 0;
}

const struct dx_header *dx_headers_find(const struct dx_headers *f, const char *name)
{
    const struct dx_header *header = all(f);
    size_t i, n = count(f), len = strlen(name);

    for (i = 0; i < n; i++, header++)
        if (header->name_len == len && memcmp(f->text.data + header->name, name, len) == 0)
            return header;
    return NULL;
}

static int compare(const void *left, const void *right)
{
    const struct dx_header *a = left, *b = right;
    size_t n = a->name_len < b->name_len ? a->name_len : b->name_len;
    int order = memcmp(a->base + a->name, b->base + b->name, n);

    if (order == 0)
        order = (a->name_len > b->name_len) - (a->name_len < b->name_len);
    return order != 0 ? order : (a->name > b->name) - (a->name < b->name);
}

void dx_headers_sort(struct dx_headers *f)
{
    struct dx_header *headers = all(f);
    size_t i, n = count(f);

    for (i = 0; i < n; i++)
        headers[i].base = f->text.data;
    if (n > 1)
        qsort(headers, n, sizeof *headers, compare);
}

static int is_repeated(const struct dx_headers *f, size_t i)
{
    const struct dx_header *a = all(f) + i;

    return i > 0 && a->name_len == a[-1].name_len &&
           memcmp(f->text.data + a->name, f->text.data + a[-1].name, a->name_len) == 0;
}

int dx_headers_canonical(const struct dx_headers *f, struct dx_buf *out)
{
    const struct dx_header *header = all(f);
    size_t i, n = count(f);
    int status = 0;

    for (i = 0; i < n && status == 0; i++, header++) {
        if (is_repeated(f, i)) {
            status = dx_buf_addc(out, ',');
        } else {
            status |= i > 0 ? dx_buf_addc(out, '\n') : 0;
            status |= dx_buf_add(out, f->text.data + header->name, header->name_len);
            status |= dx_buf_addc(out, ':');
        }
        status |= dx_buf_add(out, f->text.data + header->value, header->value_len);
    }
    return status | (n > 0 ? dx_buf_addc(out, '\n') : 0);
}

int dx_headers_names(const struct dx_headers *f, struct dx_buf *out)
{
    const struct dx_header *header = all(f);
    size_t i, n = count(f);
    int status = 0;

    for (i = 0; i < n && status == 0; i++, header++) {
        if (is_repeated(f, i))
            continue;
        status |= i > 0 ? dx_buf_addc(out, ';') : 0;
        status |= dx_buf_add(out, f->text.data + header->name, header->name_len);
    }
    return status;
}

int dx_is_token(const char *text, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++) {
        char c = lower(text[i]);

        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
            (c == '\0' || strchr("!#$%&'*+-.^_`|~", c) == NULL))
            return 0;
    }
    return len > 0;
}

int dx_is_value(const char *text, size_t len, int folded)
{
    size_t i;

    for (i = 0; i < len; i++) {
        if (text[i] == '\0')
            return 0;
        if (text[i] != '\r' && text[i] != '\n')
            continue;
        if (!folded)
            return 0;
        if (text[i] == '\r' && i + 1 < len && text[i + 1] == '\n')
            i++;
        if (i + 1 == len || (text[i + 1] != ' ' && text[i + 1] != '\t'))
            return 0;
    }
    return 1;
}

int dx_same_name(const char *name, size_t len, const char *lower_name)
{
    size_t i;

    for (i = 0; i < len; i++)
        if (lower_name[i] == '\0' || lower(name[i]) != lower_name[i])
            return 0;
    return lower_name[len] == '\0';
}

int dx_is_unsigned(const char *name, size_t len)
{
    static const char *const names[] = {
        "connection", "expect", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer",
        "transfer-encoding", "upgrade", "user-agent", "x-amzn-trace-id", NULL
    };
    int i;

    for (i = 0; names[i] != NULL; i++)
        if (dx_same_name(name, len, names[i]))
            return 1;
    return 0;
}
