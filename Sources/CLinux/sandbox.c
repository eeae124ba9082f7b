#define _GNU_SOURCE
#include "CLinux.h"
#include "sandbox_filter.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Landlock by number, as the headers of the machine that builds may be older than the kernel. */
enum {
  LANDLOCK_CREATE_RULESET = 444, LANDLOCK_ADD_RULE = 445, LANDLOCK_RESTRICT_SELF = 446,
  LANDLOCK_VERSION = 1, PATH_BENEATH = 1,
  MAY_EXECUTE = 1 << 0, MAY_WRITE = 1 << 1, MAY_READ = 1 << 2, MAY_LIST = 1 << 3,
  MAY_MAKE_FOLDER = 1 << 7, MAY_MAKE_FILE = 1 << 8, MAY_REFER = 1 << 13, MAY_TRUNCATE = 1 << 14,
  MAY_CONTROL_DEVICE = 1 << 15,
  ALL_OF_VERSION_1 = (1 << 13) - 1,
  ON_FILES = MAY_EXECUTE | MAY_WRITE | MAY_READ | MAY_TRUNCATE | MAY_CONTROL_DEVICE,
  ALL_OF_NETWORK = 3, ALL_SCOPES = 3
};
struct ruleset { uint64_t files, network, scopes; };
struct path_rule { uint64_t allowed; int32_t parent; } __attribute__((packed));

int loam_landlock_version(void) {
  long version = syscall(LANDLOCK_CREATE_RULESET, NULL, 0, LANDLOCK_VERSION);
  return version < 0 ? 0 : (int)version;
}

static uint64_t handled(int version) {
  uint64_t rights = ALL_OF_VERSION_1;
  if (version >= 2) rights |= MAY_REFER;
  if (version >= 3) rights |= MAY_TRUNCATE;
  if (version >= 5) rights |= MAY_CONTROL_DEVICE;
  return rights;
}

/* Allows `rights` at `path`. A path that is not there is nothing that could be allowed. */
static int allow(int ruleset, const char *path, uint64_t rights) {
  int place = open(path, O_PATH | O_CLOEXEC);
  if (place < 0) return errno == ENOENT || errno == ENOTDIR || errno == EACCES ? 0 : -1;
  struct stat status;
  int result = fstat(place, &status);
  if (result == 0) {
    struct path_rule rule = {S_ISDIR(status.st_mode) ? rights : rights & ON_FILES, place};
    result = (int)syscall(LANDLOCK_ADD_RULE, ruleset, PATH_BENEATH, &rule, 0);
  }
  int saved = errno;
  close(place);
  errno = saved;
  return result;
}

/* The ruleset's descriptor, or -1. What a version does not know, seccomp refuses. Nothing in the
 * folder can be removed or renamed: what was written is seen when the folder is measured. */
static int make_ruleset(const loam_sandbox_plan *plan, int version) {
  struct ruleset rules = {handled(version), version >= 4 ? ALL_OF_NETWORK : 0,
                          version >= 6 ? ALL_SCOPES : 0};
  size_t size = version >= 6 ? 24 : version >= 4 ? 16 : 8;
  int ruleset = (int)syscall(LANDLOCK_CREATE_RULESET, &rules, size, 0);
  if (ruleset < 0) return -1;
  uint64_t written = MAY_WRITE | MAY_READ | MAY_LIST | MAY_MAKE_FOLDER | MAY_MAKE_FILE;
  int result = allow(ruleset, plan->folder, (written | MAY_TRUNCATE) & rules.files);
  for (char *const *path = plan->readable; result == 0 && *path; path++) {
    result = allow(ruleset, *path, MAY_EXECUTE | MAY_READ | MAY_LIST);
  }
  if (result == 0) result = allow(ruleset, "/dev/null", MAY_READ | MAY_WRITE);
  if (result == 0) return ruleset;
  int saved = errno;
  close(ruleset);
  errno = saved;
  return -1;
}

/* What the child needs; all descriptors are above the standard three. */
struct start {
  const loam_sandbox_plan *plan;
  int ruleset, input, output, errors, report;
  pid_t parent;
  loam_filter filter;
};

/* What the child says where it gets no further. */
struct report { int code, number; };

static _Noreturn void give_up(const struct start *start, int code) {
  struct report report = {code, errno};
  ssize_t ignored = write(start->report, &report, sizeof report);
  (void)ignored;
  _exit(127);
}

static void limit(const struct start *start, int resource, uint64_t soft, uint64_t hard) {
  struct rlimit wanted = {soft, hard}, known;
  /* A limit that is lower already stays. */
  if (getrlimit(resource, &known) == 0 && known.rlim_max < hard) {
    wanted.rlim_max = known.rlim_max;
    if (wanted.rlim_cur > known.rlim_max) wanted.rlim_cur = known.rlim_max;
  }
  if (setrlimit(resource, &wanted) != 0) give_up(start, LOAM_SANDBOX_FAILED);
}

/* Root's program is no more than anybody's: without capabilities, and none come back on exec. */
static void drop_capabilities(const struct start *start) {
  for (int capability = 0; capability < 64; capability++) prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct none[2] = {{0}};
  if (syscall(SYS_capset, &header, none) != 0) give_up(start, LOAM_SANDBOX_NONE);
}

static void reset_signals(void) {
  struct sigaction action = {0};
  action.sa_handler = SIG_DFL;
  for (int number = 1; number < 65; number++) sigaction(number, &action, NULL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

static _Noreturn void become(struct start *start) {
  const loam_sandbox_plan *plan = start->plan;
  reset_signals();
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  if (getppid() != start->parent) _exit(127);
  if (setsid() < 0 || chdir(plan->folder) != 0) give_up(start, LOAM_SANDBOX_FAILED);
  umask(077);
  if (dup2(start->input, 0) < 0 || dup2(start->output, 1) < 0 || dup2(start->errors, 2) < 0) {
    give_up(start, LOAM_SANDBOX_FAILED);
  }
  limit(start, RLIMIT_CORE, 0, 0);
  limit(start, RLIMIT_CPU, plan->cpu_seconds, plan->cpu_seconds + 1);
  limit(start, RLIMIT_AS, plan->memory_octets, plan->memory_octets);
  limit(start, RLIMIT_FSIZE, plan->file_octets, plan->file_octets);
  limit(start, RLIMIT_NOFILE, plan->open_files, plan->open_files);
  limit(start, RLIMIT_MEMLOCK, 0, 0);
  drop_capabilities(start);
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) give_up(start, LOAM_SANDBOX_NONE);
  if (syscall(LANDLOCK_RESTRICT_SELF, start->ruleset, 0) != 0) give_up(start, LOAM_SANDBOX_NONE);
  /* The report closes itself on exec; everything else that was open here must not be open there. */
  if (dup3(start->report, 3, O_CLOEXEC) < 0) give_up(start, LOAM_SANDBOX_FAILED);
  start->report = 3;
  if (syscall(SYS_close_range, 4u, ~0u, 0u) != 0) give_up(start, LOAM_SANDBOX_NONE);
  loam_filter_set_process(&start->filter, (uint32_t)getpid());
  struct sock_fprog program = {start->filter.count, start->filter.steps};
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) != 0) {
    give_up(start, LOAM_SANDBOX_NONE);
  }
  execve(plan->program, plan->arguments, plan->environment);
  give_up(start, LOAM_SANDBOX_NO_PROGRAM);
}

/* A pipe above the standard descriptors, closed on exec. */
static int make_pipe(int ends[2]) {
  int made[2];
  if (pipe2(made, O_CLOEXEC) != 0) return -1;
  for (int i = 0; i < 2; i++) {
    ends[i] = fcntl(made[i], F_DUPFD_CLOEXEC, 10);
    close(made[i]);
  }
  if (ends[0] >= 0 && ends[1] >= 0) return 0;
  int saved = errno;
  for (int i = 0; i < 2; i++) if (ends[i] >= 0) close(ends[i]);
  ends[0] = ends[1] = -1;
  errno = saved;
  return -1;
}

static int high(int descriptor) {
  if (descriptor < 0 || descriptor >= 10) return descriptor;
  int moved = fcntl(descriptor, F_DUPFD_CLOEXEC, 10);
  int saved = errno;
  close(descriptor);
  errno = saved;
  return moved;
}

static void close_if_open(int descriptor) {
  if (descriptor >= 0) close(descriptor);
}

/* Forks with all signals held back, so that no handler of ours runs in the child. */
static pid_t fork_quietly(struct start *start) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pid_t process = fork();
  if (process == 0) become(start);
  int saved = errno;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  errno = saved;
  return process;
}

int loam_sandbox_wait(int process) {
  int status = 0;
  while (waitpid(process, &status, 0) < 0) {
    if (errno != EINTR) return -SIGKILL;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/* Waits until the child has become the program, or has said why not. */
static int settle(int report, pid_t process) {
  struct report said = {LOAM_SANDBOX_FAILED, ECHILD};
  ssize_t count;
  do count = read(report, &said, sizeof said); while (count < 0 && errno == EINTR);
  if (count == 0) return LOAM_SANDBOX_STARTED;
  kill(process, SIGKILL);
  loam_sandbox_wait(process);
  errno = said.number;
  return said.code;
}

int loam_sandbox_start(const loam_sandbox_plan *plan, loam_sandbox_process *process) {
  *process = (loam_sandbox_process){-1, -1, -1, -1};
  int version = loam_landlock_version();
  if (version > plan->landlock) version = plan->landlock;
  if (version < 1) return LOAM_SANDBOX_NONE;
  struct start start = {.plan = plan, .parent = getpid()};
  int output[2] = {-1, -1}, errors[2] = {-1, -1}, report[2] = {-1, -1};
  start.input = -1;
  int code = LOAM_SANDBOX_FAILED;
  start.ruleset = high(make_ruleset(plan, version));
  if (start.ruleset >= 0 && (start.input = high(open("/dev/null", O_RDONLY | O_CLOEXEC))) >= 0
      && make_pipe(output) == 0 && make_pipe(errors) == 0 && make_pipe(report) == 0
      && fcntl(output[0], F_SETFL, O_NONBLOCK) == 0 && fcntl(errors[0], F_SETFL, O_NONBLOCK) == 0) {
    start.output = output[1], start.errors = errors[1], start.report = report[1];
    loam_filter_make(&start.filter);
    process->process = fork_quietly(&start);
    if (process->process > 0) {
      close(report[1]), report[1] = -1;
      code = settle(report[0], process->process);
      if (code == LOAM_SANDBOX_STARTED) {
        process->descriptor = (int)syscall(SYS_pidfd_open, process->process, 0);
        if (process->descriptor < 0) {
          code = LOAM_SANDBOX_FAILED;
          kill(process->process, SIGKILL);
          loam_sandbox_wait(process->process);
        }
      }
    }
  }
  int saved = errno;
  if (code == LOAM_SANDBOX_STARTED) {
    process->output = output[0], process->errors = errors[0];
  } else {
    close_if_open(output[0]), close_if_open(errors[0]);
  }
  close_if_open(output[1]), close_if_open(errors[1]);
  close_if_open(report[0]), close_if_open(report[1]);
  close_if_open(start.ruleset), close_if_open(start.input);
  errno = saved;
  return code;
}
