/* Kills its process before the n-th call that changes a file whose path contains DIE_IN.
 *
 * DIE_AT=0 kills nobody; the number of such calls is then written to DIE_COUNT, where the process ends by itself.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int calls = 0;

static void count_call(const char *path) {
  const char *part = getenv("DIE_IN");
  const char *at = getenv("DIE_AT");
  if (part == NULL || at == NULL || strstr(path, part) == NULL) return;
  if (__atomic_add_fetch(&calls, 1, __ATOMIC_SEQ_CST) == atoi(at)) kill(getpid(), SIGKILL);
}

static void count_call_on(int fd) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return;
  path[length] = 0;
  count_call(path);
}

__attribute__((destructor)) static void tell(void) {
  const char *file = getenv("DIE_COUNT");
  FILE *out = file == NULL ? NULL : fopen(file, "w");
  if (out == NULL) return;
  fprintf(out, "%d\n", calls);
  fclose(out);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

#define ON_FD(type, name, params, args) \
  type name params { count_call_on(fd); return REAL(name) args; }
ON_FD(ssize_t, write, (int fd, const void *bytes, size_t n), (fd, bytes, n))
ON_FD(ssize_t, pwrite, (int fd, const void *bytes, size_t n, off_t at), (fd, bytes, n, at))
ON_FD(ssize_t, pwrite64, (int fd, const void *bytes, size_t n, off64_t at), (fd, bytes, n, at))
ON_FD(int, fsync, (int fd), (fd))
ON_FD(int, fdatasync, (int fd), (fd))
ON_FD(int, ftruncate, (int fd, off_t length), (fd, length))
ON_FD(int, ftruncate64, (int fd, off64_t length), (fd, length))

int unlink(const char *path) { count_call(path); return REAL(unlink)(path); }
int rename(const char *from, const char *to) { count_call(to); return REAL(rename)(from, to); }

#define OPENS(name) \
  int name(const char *path, int flags, ...) { \
    va_list rest; \
    va_start(rest, flags); \
    mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0; \
    va_end(rest); \
    if (flags & O_CREAT) count_call(path); \
    return REAL(name)(path, flags, mode); \
  }
OPENS(open)
OPENS(open64)
