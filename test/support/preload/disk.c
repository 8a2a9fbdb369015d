/*
 * What a process does to the files below one folder, seen between it and the kernel.
 *
 * Preloaded, it can do two things, each asked for by the environment:
 *
 *   RFF_DISK_ROOT + RFF_DISK_LOG     writes down every write, truncation, sync, rename … in the order in which they were
 *                                    done, with the bytes, and what went out through sockets in between
 *   RFF_DISK_ROOT + RFF_DISK_FAULT   fails chosen calls, as a full or broken disk does:
 *                                    "<errno>:<write|sync|open>:<from>:<times>:<path part>", counted from 1;
 *                                    "open" is opening for writing
 *
 * One lock is held over a call and its line, so the log has one order. SQLite's shared memory (-shm) is left out: it is
 * made anew by whoever opens the file first, and is no durable state. A copy inside the kernel would pass unseen, so
 * it is refused, and the callers fall back on writes.
 *
 * An entry: kind (1 byte), thread (4), length of the path (4), offset (8), length of the data (4), path, data; numbers
 * little-endian. read-log.ts reads it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define MOST_OF_A_MESSAGE 4096
#define REAL(name) ((__typeof__(&name))next(#name))

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char root[PATH_MAX];
static int log_fd = -1;
static struct { int code, on_write, on_sync, on_open; long from, times, seen; char part[256]; } fault;

static void *next(const char *name) {
  void *found = dlsym(RTLD_NEXT, name);
  if (found == NULL) abort();
  return found;
}

static void read_fault(const char *text) {
  char op[16] = "";
  if (sscanf(text, "%d:%15[^:]:%ld:%ld:%255s", &fault.code, op, &fault.from, &fault.times, fault.part) < 4) abort();
  fault.on_write = strcmp(op, "write") == 0;
  fault.on_sync = strcmp(op, "sync") == 0;
  fault.on_open = strcmp(op, "open") == 0;
}

__attribute__((constructor)) static void begin(void) {
  const char *folder = getenv("RFF_DISK_ROOT"), *log = getenv("RFF_DISK_LOG"), *fails = getenv("RFF_DISK_FAULT");
  if (folder == NULL || realpath(folder, root) == NULL) return;
  if (log != NULL) log_fd = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (fails != NULL) read_fault(fails);
}

/* Which file it is now, also after a rename; only those below the root are anybody's business. */
static int is_ours(const char *path) {
  size_t length = strlen(root), end = strlen(path);
  if (length == 0 || strncmp(path, root, length) != 0 || (path[length] != '/' && path[length] != 0)) return 0;
  if (end > 4 && strcmp(path + end - 4, "-shm") == 0) return 0;
  return end < 10 || strcmp(path + end - 10, " (deleted)") != 0;
}

static int path_of(int fd, char *path) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  return is_ours(path);
}

/* The folder is resolved, the name is not: a rename or removal is about the name. */
static int path_named(const char *name, char *path) {
  char copy[PATH_MAX];
  if (root[0] == 0 || strlen(name) >= sizeof copy) return 0;
  strcpy(copy, name);
  size_t length = strlen(copy);
  while (length > 1 && copy[length - 1] == '/') copy[--length] = 0;
  char *slash = strrchr(copy, '/');
  const char *last = slash == NULL ? copy : slash + 1;
  char folder[PATH_MAX];
  if (slash != NULL) *slash = 0;
  if (realpath(slash == NULL ? "." : slash == copy ? "/" : copy, folder) == NULL) return 0;
  if (snprintf(path, PATH_MAX, "%s/%s", folder, last) >= PATH_MAX) return 0;
  return is_ours(path);
}

static void put(char kind, const char *path, uint64_t offset, const struct iovec *parts, int count, size_t most) {
  if (log_fd < 0) return;
  size_t length = 0;
  for (int at = 0; at < count; at += 1) length += parts[at].iov_len;
  if (length > most) length = most;
  uint32_t thread = (uint32_t)syscall(SYS_gettid), path_length = (uint32_t)strlen(path), data_length = (uint32_t)length;
  size_t size = 21 + path_length + length, at = 21 + path_length;
  char *entry = malloc(size);
  if (entry == NULL) abort();
  entry[0] = kind;
  memcpy(entry + 1, &thread, 4);
  memcpy(entry + 5, &path_length, 4);
  memcpy(entry + 9, &offset, 8);
  memcpy(entry + 17, &data_length, 4);
  memcpy(entry + 21, path, path_length);
  for (int part = 0; part < count && at < size; part += 1) {
    size_t some = parts[part].iov_len < size - at ? parts[part].iov_len : size - at;
    memcpy(entry + at, parts[part].iov_base, some);
    at += some;
  }
  if (syscall(SYS_write, log_fd, entry, size) != (long)size) abort();
  free(entry);
}

static void put_text(char kind, const char *path, uint64_t offset, const char *text) {
  struct iovec part = {(void *)text, strlen(text)};
  put(kind, path, offset, &part, 1, SIZE_MAX);
}

static int fails(int is_asked, const char *path) {
  if (fault.code == 0 || !is_asked || strstr(path, fault.part) == NULL) return 0;
  fault.seen += 1;
  if (fault.seen < fault.from || fault.seen >= fault.from + fault.times) return 0;
  errno = fault.code;
  return 1;
}

/* Where write() will put its bytes. */
static uint64_t place_of(int fd) {
  struct stat stat;
  if ((fcntl(fd, F_GETFL) & O_APPEND) != 0 && fstat(fd, &stat) == 0) return (uint64_t)stat.st_size;
  return (uint64_t)lseek(fd, 0, SEEK_CUR);
}

/* `deed` is the real call; what of the parts it took is written down. */
#define WRITTEN(fd, offset_of, parts, count, deed)                                          \
  do {                                                                                      \
    char path[PATH_MAX];                                                                    \
    if (!path_of(fd, path)) {                                                               \
      if (log_fd >= 0 && strncmp(path, "socket:", 7) == 0) {                                \
        pthread_mutex_lock(&lock);                                                          \
        put('N', path, 0, parts, count, MOST_OF_A_MESSAGE);                                 \
        pthread_mutex_unlock(&lock);                                                        \
      }                                                                                     \
      return deed;                                                                          \
    }                                                                                       \
    pthread_mutex_lock(&lock);                                                              \
    ssize_t done = -1;                                                                      \
    if (!fails(fault.on_write, path)) {                                                     \
      uint64_t offset = offset_of;                                                          \
      done = deed;                                                                          \
      if (done > 0) put('W', path, offset, parts, count, (size_t)done);                     \
    }                                                                                       \
    int code = errno;                                                                       \
    pthread_mutex_unlock(&lock);                                                            \
    errno = code;                                                                           \
    return done;                                                                            \
  } while (0)

ssize_t write(int fd, const void *data, size_t size) {
  struct iovec part = {(void *)data, size};
  WRITTEN(fd, place_of(fd), &part, 1, REAL(write)(fd, data, size));
}
ssize_t writev(int fd, const struct iovec *parts, int count) {
  WRITTEN(fd, place_of(fd), parts, count, REAL(writev)(fd, parts, count));
}
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
  struct iovec part = {(void *)data, size};
  WRITTEN(fd, (uint64_t)at, &part, 1, REAL(pwrite64)(fd, data, size, at));
}
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) { return pwrite64(fd, data, size, at); }
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t at) {
  WRITTEN(fd, (uint64_t)at, parts, count, REAL(pwritev64)(fd, parts, count, at));
}
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at) { return pwritev64(fd, parts, count, at); }
ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
  WRITTEN(fd, 0, message->msg_iov, (int)message->msg_iovlen, REAL(sendmsg)(fd, message, flags));
}
ssize_t send(int fd, const void *data, size_t size, int flags) {
  struct iovec part = {(void *)data, size};
  WRITTEN(fd, 0, &part, 1, REAL(send)(fd, data, size, flags));
}

#define SYNCED(fd, deed)                                  \
  do {                                                    \
    char path[PATH_MAX];                                  \
    if (!path_of(fd, path)) return deed;                  \
    pthread_mutex_lock(&lock);                            \
    int done = -1;                                        \
    if (!fails(fault.on_sync, path)) {                    \
      done = deed;                                        \
      if (done == 0) put_text('S', path, 0, "");          \
    }                                                     \
    int code = errno;                                     \
    pthread_mutex_unlock(&lock);                          \
    errno = code;                                         \
    return done;                                          \
  } while (0)

int fsync(int fd) { SYNCED(fd, REAL(fsync)(fd)); }
int fdatasync(int fd) { SYNCED(fd, REAL(fdatasync)(fd)); }

int ftruncate64(int fd, off64_t length) {
  char path[PATH_MAX];
  if (!path_of(fd, path)) return REAL(ftruncate64)(fd, length);
  pthread_mutex_lock(&lock);
  // A full disk can always give room back.
  int is_asked = fault.on_write && fault.code != ENOSPC;
  int done = fails(is_asked, path) ? -1 : REAL(ftruncate64)(fd, length), code = errno;
  if (done == 0) put_text('T', path, (uint64_t)length, "");
  pthread_mutex_unlock(&lock);
  errno = code;
  return done;
}
int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

static int opened(const char *name, int flags, mode_t mode) {
  char path[PATH_MAX];
  int is_for_writing = (flags & O_ACCMODE) != O_RDONLY;
  if (!is_for_writing || !path_named(name, path)) return REAL(open64)(name, flags, mode);
  pthread_mutex_lock(&lock);
  struct stat stat;
  int is_there = lstat(path, &stat) == 0;
  int fd = fails(fault.on_open, path) ? -1 : REAL(open64)(name, flags, mode), code = errno;
  if (fd >= 0 && !is_there && (flags & O_CREAT) != 0) put_text('C', path, 0, "");
  if (fd >= 0 && is_there && (flags & O_TRUNC) != 0) put_text('T', path, 0, "");
  pthread_mutex_unlock(&lock);
  errno = code;
  return fd;
}
#define OPENED(name, flags)                                 \
  va_list rest;                                             \
  va_start(rest, flags);                                    \
  mode_t mode = (flags & O_CREAT) ? va_arg(rest, mode_t) : 0; \
  va_end(rest);                                             \
  return opened(name, flags, mode)
int open(const char *name, int flags, ...) { OPENED(name, flags); }
int open64(const char *name, int flags, ...) { OPENED(name, flags); }

#define NAMED(kind, name, deed)                          \
  do {                                                   \
    char path[PATH_MAX];                                 \
    if (!path_named(name, path)) return deed;            \
    pthread_mutex_lock(&lock);                           \
    int done = deed, code = errno;                       \
    if (done == 0) put_text(kind, path, 0, "");          \
    pthread_mutex_unlock(&lock);                         \
    errno = code;                                        \
    return done;                                         \
  } while (0)

int unlink(const char *name) { NAMED('U', name, REAL(unlink)(name)); }
int rmdir(const char *name) { NAMED('D', name, REAL(rmdir)(name)); }
int mkdir(const char *name, mode_t mode) { NAMED('M', name, REAL(mkdir)(name, mode)); }
int rename(const char *from, const char *to) {
  char path[PATH_MAX], target[PATH_MAX];
  if (!path_named(from, path) || !path_named(to, target)) return REAL(rename)(from, to);
  pthread_mutex_lock(&lock);
  int done = REAL(rename)(from, to), code = errno;
  if (done == 0) put_text('R', path, 0, target);
  pthread_mutex_unlock(&lock);
  errno = code;
  return done;
}

ssize_t copy_file_range(int from, off64_t *from_at, int to, off64_t *to_at, size_t size, unsigned flags) {
  char path[PATH_MAX];
  if (path_of(to, path)) {
    errno = EXDEV;
    return -1;
  }
  return REAL(copy_file_range)(from, from_at, to, to_at, size, flags);
}
ssize_t sendfile64(int to, int from, off64_t *at, size_t size) {
  char path[PATH_MAX];
  if (path_of(to, path)) {
    errno = EINVAL;
    return -1;
  }
  return ((ssize_t(*)(int, int, off64_t *, size_t))next("sendfile64"))(to, from, at, size);
}
ssize_t sendfile(int to, int from, off_t *at, size_t size) { return sendfile64(to, from, at, size); }
