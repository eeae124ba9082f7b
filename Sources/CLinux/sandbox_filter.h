#ifndef LOAM_SANDBOX_FILTER_H
#define LOAM_SANDBOX_FILTER_H
#include <linux/filter.h>
#include <stdint.h>

enum { LOAM_FILTER_STEPS = 512 };

/* A seccomp program. */
typedef struct {
  struct sock_filter steps[LOAM_FILTER_STEPS];
  unsigned short count;
  unsigned short own[4]; /* the steps that compare with the process's own number */
  unsigned short own_count;
} loam_filter;

/* Writes the program; O(its steps). */
void loam_filter_make(loam_filter *filter);

/* Says which process it is for: called in the child, where the number is known. */
void loam_filter_set_process(loam_filter *filter, uint32_t process);

#endif
