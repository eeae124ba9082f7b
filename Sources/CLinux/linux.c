#include "CLinux.h"
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

int loam_open(const char *path, int flags, unsigned mode) { return open(path, flags, mode); }

int loam_terminal_columns(int descriptor) {
  struct winsize size;
  if (!isatty(descriptor) || ioctl(descriptor, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

int loam_open_in(int folder, const char *name, int flags) { return openat(folder, name, flags); }
