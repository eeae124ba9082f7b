#define _GNU_SOURCE
#include "sandbox_filter.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/syscall.h>

/* What a converter may not ask of the system.
 *
 * A list of what is refused, not of what is allowed: the programs are whichever version a machine
 * has, with whichever C library, and a list of what these need would break with each. It is short of
 * nothing for that: files are landlock's, and whatever this list does not know because it is newer
 * (its number is above NEWEST) is refused as not there. What programs and libraries try as a matter
 * of course gets an error, and they go on without; what only an attack asks for ends the process. */

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#define ARCHITECTURE 0 /* no number fits: everything ends the process */
#endif

/* By number where headers may be too old; from 424 on numbers are those of every architecture. */
enum {
  IO_URING_SETUP = 425, IO_URING_ENTER = 426, IO_URING_REGISTER = 427, OPEN_TREE = 428,
  MOVE_MOUNT = 429, FSOPEN = 430, FSCONFIG = 431, FSMOUNT = 432, FSPICK = 433, PIDFD_OPEN = 434,
  CLONE3 = 435, OPENAT2 = 437, PIDFD_GETFD = 438, PROCESS_MADVISE = 440, MOUNT_SETATTR = 442,
  QUOTACTL_FD = 443, MEMFD_SECRET = 447, PROCESS_MRELEASE = 448, NEWEST = 451
};

/* Ends the process. */
static const int deadly[] = {
  SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_kcmp, SYS_bpf, SYS_perf_event_open,
  SYS_userfaultfd, SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_unshare, SYS_setns,
  SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_kexec_load, SYS_reboot, SYS_swapon,
  SYS_swapoff, SYS_acct, SYS_quotactl, SYS_settimeofday, SYS_clock_settime, SYS_adjtimex,
  SYS_clock_adjtime, SYS_sethostname, SYS_setdomainname, SYS_syslog, SYS_add_key, SYS_request_key,
  SYS_keyctl, SYS_name_to_handle_at, SYS_open_by_handle_at, SYS_fanotify_init, SYS_lookup_dcookie,
  SYS_vhangup, SYS_nfsservctl, OPEN_TREE, MOVE_MOUNT, FSOPEN, FSCONFIG, FSMOUNT, FSPICK,
  PIDFD_GETFD, PROCESS_MADVISE, MOUNT_SETATTR, QUOTACTL_FD, PROCESS_MRELEASE,
#ifdef __x86_64__
  SYS_kexec_file_load, SYS_iopl, SYS_ioperm, SYS_modify_ldt, SYS_uselib, SYS_ustat, SYS_sysfs,
  SYS__sysctl,
#endif
};

/* Gets EPERM. Landlock does not judge modes, owners, times, attributes and names of files. */
static const int refused[] = {
  SYS_socketpair, SYS_connect, SYS_bind, SYS_listen, SYS_accept, SYS_accept4, SYS_sendto,
  SYS_sendmsg, SYS_sendmmsg, SYS_recvmmsg, SYS_fchmod, SYS_fchmodat, SYS_fchown, SYS_fchownat,
  SYS_utimensat, SYS_setxattr, SYS_lsetxattr, SYS_fsetxattr, SYS_removexattr, SYS_lremovexattr,
  SYS_fremovexattr, SYS_linkat, SYS_symlinkat, SYS_mknodat, SYS_truncate, SYS_memfd_create,
  MEMFD_SECRET, SYS_inotify_init1, SYS_shmget, SYS_shmat, SYS_msgget, SYS_semget, SYS_mq_open,
  SYS_io_setup, IO_URING_SETUP, IO_URING_ENTER, IO_URING_REGISTER, PIDFD_OPEN, SYS_tkill,
  SYS_rt_sigqueueinfo, SYS_rt_tgsigqueueinfo, SYS_pidfd_send_signal, SYS_setpriority,
  SYS_sched_setscheduler, SYS_sched_setattr, SYS_ioprio_set, SYS_personality, SYS_vmsplice,
  SYS_mlock, SYS_mlockall, SYS_mlock2,
#ifdef __x86_64__
  SYS_fork, SYS_vfork, SYS_chmod, SYS_chown, SYS_lchown, SYS_utime, SYS_utimes, SYS_futimesat,
  SYS_link, SYS_symlink, SYS_mknod, SYS_inotify_init,
#endif
};

static void step(loam_filter *filter, uint16_t code, uint8_t yes, uint8_t no, uint32_t value) {
  if (filter->count == LOAM_FILTER_STEPS) abort();
  filter->steps[filter->count++] = (struct sock_filter){code, yes, no, value};
}

static void load(loam_filter *filter, size_t offset) {
  step(filter, BPF_LD | BPF_W | BPF_ABS, 0, 0, (uint32_t)offset);
}

/* The low half of an argument: flags and numbers are 32 bits wide. */
static size_t argument(int index) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  return offsetof(struct seccomp_data, args) + 8 * (size_t)index;
#else
  return offsetof(struct seccomp_data, args) + 8 * (size_t)index + 4;
#endif
}

static void end(loam_filter *filter, uint32_t action) { step(filter, BPF_RET | BPF_K, 0, 0, action); }

/* `action` for the call `number`; the number is loaded. */
static void answer(loam_filter *filter, int number, uint32_t action) {
  step(filter, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, (uint32_t)number);
  end(filter, action);
}

static const uint32_t ALLOW = SECCOMP_RET_ALLOW, KILL = SECCOMP_RET_KILL_PROCESS;
static uint32_t error(int number) { return SECCOMP_RET_ERRNO | (uint32_t)number; }

/* Threads, but no processes: nothing can outlive the program, and nothing else need be found and
 * ended. */
static void judge_clone(loam_filter *filter) {
  enum { THREAD = 0x10000, NEW_SPACES = 0x7E020080 };
  step(filter, BPF_JMP | BPF_JEQ | BPF_K, 0, 5, SYS_clone);
  load(filter, argument(0));
  step(filter, BPF_JMP | BPF_JSET | BPF_K, 1, 0, NEW_SPACES);
  step(filter, BPF_JMP | BPF_JSET | BPF_K, 1, 0, THREAD);
  end(filter, error(EPERM));
  end(filter, ALLOW);
}

/* No network: a socket of the network ends the process. Libraries look for name services at local
 * ones: these are refused. */
static void judge_socket(loam_filter *filter) {
  enum { LOCAL = 1 };
  step(filter, BPF_JMP | BPF_JEQ | BPF_K, 0, 4, SYS_socket);
  load(filter, argument(0));
  step(filter, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, LOCAL);
  end(filter, error(EPERM));
  end(filter, KILL);
}

/* Before its third version landlock does not see a file being cut where it is opened for reading,
 * and no version counts a file without a name. */
static void judge_open(loam_filter *filter, int number, int flags) {
  enum { NAMELESS = 0x400000 };
  step(filter, BPF_JMP | BPF_JEQ | BPF_K, 0, 7, (uint32_t)number);
  load(filter, argument(flags));
  step(filter, BPF_JMP | BPF_JSET | BPF_K, 3, 0, NAMELESS);
  step(filter, BPF_JMP | BPF_JSET | BPF_K, 0, 3, O_TRUNC);
  step(filter, BPF_ALU | BPF_AND | BPF_K, 0, 0, O_ACCMODE);
  step(filter, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, O_RDONLY);
  end(filter, error(EPERM));
  end(filter, ALLOW);
}

/* Signals to itself only: abort() needs them. */
static void judge_signal(loam_filter *filter, int number) {
  step(filter, BPF_JMP | BPF_JEQ | BPF_K, 0, 4, (uint32_t)number);
  load(filter, argument(0));
  filter->own[filter->own_count++] = filter->count;
  step(filter, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0);
  end(filter, ALLOW);
  end(filter, error(EPERM));
}

/* Its own limits only, which it cannot raise. */
static void judge_limits(loam_filter *filter) {
  step(filter, BPF_JMP | BPF_JEQ | BPF_K, 0, 4, SYS_prlimit64);
  load(filter, argument(0));
  step(filter, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0);
  end(filter, ALLOW);
  end(filter, error(EPERM));
}

void loam_filter_make(loam_filter *filter) {
  filter->count = filter->own_count = 0;
  load(filter, offsetof(struct seccomp_data, arch));
  step(filter, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, ARCHITECTURE);
  end(filter, KILL);
  load(filter, offsetof(struct seccomp_data, nr));
  /* Also the numbers of x32, which begin at 0x40000000. */
  step(filter, BPF_JMP | BPF_JGT | BPF_K, 0, 1, NEWEST);
  end(filter, error(ENOSYS));
  judge_open(filter, SYS_openat, 2);
#ifdef __x86_64__
  judge_open(filter, SYS_open, 1);
#endif
  judge_clone(filter);
  answer(filter, CLONE3, error(ENOSYS));
  answer(filter, OPENAT2, error(ENOSYS));
  judge_socket(filter);
  judge_signal(filter, SYS_kill);
  judge_signal(filter, SYS_tgkill);
  judge_limits(filter);
  for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++) answer(filter, deadly[i], KILL);
  for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
    answer(filter, refused[i], error(EPERM));
  }
  end(filter, ALLOW);
}

void loam_filter_set_process(loam_filter *filter, uint32_t process) {
  for (int i = 0; i < filter->own_count; i++) filter->steps[filter->own[i]].k = process;
}
