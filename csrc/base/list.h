/*
 * Doubly linked lists whose links are members of what they link. A list is a
 * ring with a head of its own; a link that is in no list points to itself.
 */
#ifndef DX_LIST_H
#define DX_LIST_H

#include <stddef.h>

struct dx_link {
    struct dx_link *next, *prev;
};

/* The object that a link is a member of. */
#define DX_OWNER(link, type, member) ((type *)(void *)((char *)(link) - offsetof(type, member)))

static inline void dx_list_init(struct dx_link *list)
{
    list->next = list->prev = list;
}

static inline int dx_list_is_empty(const struct dx_link *list)
{
    return list->next == list;
}

static inline void dx_list_append(struct dx_link *list, struct dx_link *link)
{
    link->next = list;
    link->prev = list->prev;
    list->prev->next = link;
    list->prev = link;
}

/* Takes a link out of its list. Without effect where it is in none. */
static inline void dx_list_remove(struct dx_link *link)
{
    link->prev->next = link->next;
    link->next->prev = link->prev;
    dx_list_init(link);
}

#endif
