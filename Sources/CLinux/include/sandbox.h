#ifndef LOAM_SANDBOX_H
#define LOAM_SANDBOX_H
/* A program in a sandbox: landlock for what it sees, seccomp for what it may ask of the system,
 * resource limits for what it may use. Everything is made before the fork; between fork and exec the
 * child calls nothing but what a signal handler may call. */
#include <stddef.h>
#include <stdint.h>

/* All lists end with NULL. Paths are absolute. */
typedef struct {
  const char *program;
  char *const *arguments;   /* with the program's name at 0 */
  char *const *environment; /* all of it */
  const char *folder;       /* where it starts; the one place where it may write */
  char *const *readable;    /* files and folders that it may read and run; missing ones are passed over */
  uint64_t cpu_seconds;
  uint64_t memory_octets;   /* of its address space */
  uint64_t file_octets;     /* of each file that it writes */
  uint64_t open_files;
  int landlock; /* the newest version to make use of */
} loam_sandbox_plan;

typedef struct {
  int process;    /* its number; wait for it with loam_sandbox_wait */
  int descriptor; /* a pidfd: readable once the process has ended */
  int output, errors; /* what it writes to its standard output and error; they do not block */
} loam_sandbox_process;

enum {
  LOAM_SANDBOX_STARTED = 0,
  LOAM_SANDBOX_NONE = 1,       /* the system has no landlock or no seccomp, or not for us */
  LOAM_SANDBOX_NO_PROGRAM = 2, /* the program could not be executed */
  LOAM_SANDBOX_FAILED = 3      /* no more processes, descriptors or memory */
};

/* The version of landlock's interface, from 1; 0 where there is none. */
int loam_landlock_version(void);

/* Starts the program. Returns one of the numbers above, with errno unless it is 0; the caller closes
 * the descriptors. The process ends when the calling thread does. */
int loam_sandbox_start(const loam_sandbox_plan *plan, loam_sandbox_process *process);

/* Waits for the end of a process. Returns its exit status, or minus the signal that ended it. */
int loam_sandbox_wait(int process);

#endif
