// Hansard
// SPDX-License-Identifier: Apache-2.0
//
// A file system that forgets what was not synced, as a machine does that loses its power, and whose syncs
// fail when told to, as those of a disk that is breaking.
//
//   forgetful-disk BACKING MOUNTPOINT [FUSE options]
//
// What is durable is in the directory BACKING. Writes and truncations are kept in memory, page by
// page, until fsync or fdatasync of that file copies them there. Names are durable at once: create,
// rename, unlink, mkdir, mode and owner go straight through, so that a file whose name was made and
// whose content was not synced is there after a cut, with the length and bytes last synced.
//
// Control: words written to the file `.control` in the root, each done when the write returns:
//   forget   the cut: everything not synced is gone
//   lie      from now on fsync says that it is done, and does nothing (the defect to be planted)
//   fail     from now on fsync of a file with something unsynced fails with EIO, and that is gone: the worst
//            of what file systems do then
//   mend     fsync works again
// Reading it gives "forgotten <pages of all cuts> syncs <number of syncs that copied something>".
//
// One thread (give -s): requests are served one after the other, so nothing here is locked. Files
// are opened past the kernel's cache, which would remember what is to be forgotten.

#define FUSE_USE_VERSION 31
#define _GNU_SOURCE

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fuse.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { page_size = 4096, buckets = 1 << 16 };
static const char control[] = "/.control";

/// A page of a file that differs from what is durable.
struct page {
  struct page *next;
  off_t number;
  char bytes[page_size];
};

/// A file with something unsynced, found by its inode: a rename changes nothing.
struct file {
  struct file *next;
  ino_t inode;
  off_t size;
  /// The smallest size since the last sync: durable bytes behind it read as zero.
  off_t durable_end;
  /// By number modulo their count.
  struct page *pages[1024];
};

static int backing = -1;
static struct file *files[buckets];
static unsigned long forgotten, syncs;
static int lies, fails;

static const char *relative(const char *path) { return path[1] ? path + 1 : "."; }
static int result(int value) { return value == -1 ? -errno : value; }
static off_t least(off_t a, off_t b) { return a < b ? a : b; }

static struct file **place(ino_t inode) {
  struct file **at = &files[inode % buckets];
  while (*at && (*at)->inode != inode) at = &(*at)->next;
  return at;
}

static struct page **place_of_page(struct file *file, off_t number) {
  struct page **at = &file->pages[number % 1024];
  while (*at && (*at)->number != number) at = &(*at)->next;
  return at;
}

/// The state of an open file; made when `make` is set and there is none. Null without memory too.
static struct file *state(int descriptor, int make) {
  struct stat information;
  if (fstat(descriptor, &information) == -1) return NULL;
  struct file **at = place(information.st_ino);
  if (*at || !make) return *at;
  struct file *file = calloc(1, sizeof *file);
  if (!file) return NULL;
  file->inode = information.st_ino;
  file->size = file->durable_end = information.st_size;
  return *at = file;
}

/// Frees a file's unsynced pages from `first` on; returns how many.
static unsigned long drop_pages(struct file *file, off_t first) {
  unsigned long count = 0;
  for (int index = 0; index < 1024; index++)
    for (struct page **at = &file->pages[index]; *at;) {
      struct page *page = *at;
      if (page->number < first) {
        at = &page->next;
        continue;
      }
      *at = page->next;
      free(page);
      count++;
    }
  return count;
}

static unsigned long drop(struct file **at) {
  struct file *file = *at;
  unsigned long count = drop_pages(file, 0);
  *at = file->next;
  free(file);
  return count;
}

static void forget(void) {
  for (int index = 0; index < buckets; index++)
    while (files[index]) forgotten += drop(&files[index]);
}

/// Reads a page as programs see it: what is unsynced, else what is durable, else zeros.
static int read_page(int descriptor, struct file *file, off_t number, char *bytes) {
  struct page *page = *place_of_page(file, number);
  if (page) {
    memcpy(bytes, page->bytes, page_size);
    return 0;
  }
  memset(bytes, 0, page_size);
  off_t start = number * page_size;
  if (start >= file->durable_end) return 0;
  size_t length = (size_t)least(page_size, file->durable_end - start);
  return pread(descriptor, bytes, length, start) == -1 ? -errno : 0;
}

static struct page *page_to_write(int descriptor, struct file *file, off_t number) {
  struct page **at = place_of_page(file, number);
  if (*at) return *at;
  struct page *page = calloc(1, sizeof *page);
  if (!page) return NULL;
  page->number = number;
  if (read_page(descriptor, file, number, page->bytes) != 0) {
    free(page);
    return NULL;
  }
  return *at = page;
}

static int truncate_in_memory(int descriptor, off_t size) {
  struct file *file = state(descriptor, 1);
  if (!file) return -ENOMEM;
  if (size < file->size) {
    drop_pages(file, (size + page_size - 1) / page_size);
    off_t rest = size % page_size;
    if (rest) {
      struct page *page = page_to_write(descriptor, file, size / page_size);
      if (!page) return -ENOMEM;
      memset(page->bytes + rest, 0, (size_t)(page_size - rest));
    }
    file->durable_end = least(file->durable_end, size);
  }
  file->size = size;
  return 0;
}

/// Copies everything unsynced of a file to where it is durable.
static int sync_file(int descriptor) {
  struct file *file = state(descriptor, 0);
  if (!file || lies) return 0;
  if (fails) {
    forgotten += drop(place(file->inode));
    return -EIO;
  }
  if (ftruncate(descriptor, file->durable_end) == -1) return -errno;
  for (int index = 0; index < 1024; index++)
    for (struct page *page = file->pages[index]; page; page = page->next) {
      off_t start = page->number * page_size;
      if (pwrite(descriptor, page->bytes, page_size, start) != page_size) return -EIO;
    }
  if (ftruncate(descriptor, file->size) == -1) return -errno;
  syncs++;
  drop(place(file->inode));
  return 0;
}

/// Drops what is unsynced of a name that is about to go, where it is the file's last one.
static void leave(const char *path) {
  struct stat information;
  if (fstatat(backing, relative(path), &information, AT_SYMLINK_NOFOLLOW) == -1) return;
  struct file **at = place(information.st_ino);
  if (information.st_nlink <= 1 && *at) drop(at);
}

// MARK: - Names

static int get_attributes(const char *path, struct stat *out, struct fuse_file_info *info) {
  if (strcmp(path, control) == 0) {
    memset(out, 0, sizeof *out);
    out->st_mode = S_IFREG | 0600;
    out->st_nlink = 1;
    return 0;
  }
  int code = info ? fstat((int)info->fh, out)
                  : fstatat(backing, relative(path), out, AT_SYMLINK_NOFOLLOW);
  if (code == -1) return -errno;
  struct file *file = *place(out->st_ino);
  if (file) out->st_size = file->size;
  return 0;
}

/// Gives a new name to the account that asked for it; we are somebody else.
static int owned(const char *path) {
  struct fuse_context *context = fuse_get_context();
  return result(fchownat(backing, relative(path), context->uid, context->gid,
                         AT_SYMLINK_NOFOLLOW));
}

static int make_directory(const char *path, mode_t mode) {
  return mkdirat(backing, relative(path), mode) == -1 ? -errno : owned(path);
}

static int make_link(const char *target, const char *path) {
  return symlinkat(target, backing, relative(path)) == -1 ? -errno : owned(path);
}

static int read_link(const char *path, char *out, size_t size) {
  ssize_t length = readlinkat(backing, relative(path), out, size - 1);
  if (length == -1) return -errno;
  out[length] = 0;
  return 0;
}

static int remove_file(const char *path) {
  leave(path);
  return result(unlinkat(backing, relative(path), 0));
}

static int remove_directory(const char *path) {
  return result(unlinkat(backing, relative(path), AT_REMOVEDIR));
}

static int rename_file(const char *from, const char *to, unsigned flags) {
  if (flags == 0) leave(to);
  return result(renameat2(backing, relative(from), backing, relative(to), flags));
}

static int link_file(const char *from, const char *to) {
  return result(linkat(backing, relative(from), backing, relative(to), 0));
}

static int change_mode(const char *path, mode_t mode, struct fuse_file_info *info) {
  (void)info;
  return result(fchmodat(backing, relative(path), mode, 0));
}

static int change_owner(const char *path, uid_t user, gid_t group, struct fuse_file_info *info) {
  (void)info;
  return result(fchownat(backing, relative(path), user, group, AT_SYMLINK_NOFOLLOW));
}

static int change_times(const char *path, const struct timespec times[2],
                        struct fuse_file_info *info) {
  (void)info;
  return result(utimensat(backing, relative(path), times, AT_SYMLINK_NOFOLLOW));
}

static int list(const char *path, void *buffer, fuse_fill_dir_t fill, off_t offset,
                struct fuse_file_info *info, enum fuse_readdir_flags flags) {
  (void)offset, (void)info, (void)flags;
  int descriptor = openat(backing, relative(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *directory = descriptor == -1 ? NULL : fdopendir(descriptor);
  if (!directory) return -errno;
  for (struct dirent *entry; (entry = readdir(directory));)
    fill(buffer, entry->d_name, NULL, 0, 0);
  closedir(directory);
  return 0;
}

static int statistics(const char *path, struct statvfs *out) {
  (void)path;
  return result(fstatvfs(backing, out));
}

// MARK: - Content

/// Opened for both, whatever was asked for: a page that is written in part is read before.
static int open_file(const char *path, struct fuse_file_info *info) {
  info->direct_io = 1;
  info->fh = (uint64_t)-1;
  if (strcmp(path, control) == 0) return 0;
  int descriptor = openat(backing, relative(path), O_RDWR | O_CLOEXEC);
  if (descriptor == -1) return -errno;
  info->fh = (uint64_t)descriptor;
  return info->flags & O_TRUNC ? truncate_in_memory(descriptor, 0) : 0;
}

static int create_file(const char *path, mode_t mode, struct fuse_file_info *info) {
  int descriptor = openat(backing, relative(path), O_RDWR | O_CREAT | O_CLOEXEC, mode);
  if (descriptor == -1) return -errno;
  info->direct_io = 1;
  info->fh = (uint64_t)descriptor;
  return owned(path);
}

static int close_file(const char *path, struct fuse_file_info *info) {
  (void)path;
  if (info->fh != (uint64_t)-1) close((int)info->fh);
  return 0;
}

static int read_file(const char *path, char *out, size_t size, off_t offset,
                     struct fuse_file_info *info) {
  (void)path;
  if (info->fh == (uint64_t)-1) {
    char text[80];
    int length = snprintf(text, sizeof text, "forgotten %lu syncs %lu\n", forgotten, syncs);
    if (offset >= length) return 0;
    size_t count = (size_t)least((off_t)size, length - offset);
    memcpy(out, text + offset, count);
    return (int)count;
  }
  int descriptor = (int)info->fh;
  struct file *file = state(descriptor, 0);
  if (!file) return result((int)pread(descriptor, out, size, offset));
  if (offset >= file->size) return 0;
  size = (size_t)least((off_t)size, file->size - offset);
  char bytes[page_size];
  for (size_t done = 0; done < size;) {
    off_t at = offset + (off_t)done, start = at % page_size;
    size_t count = (size_t)least(page_size - start, (off_t)(size - done));
    int code = read_page(descriptor, file, at / page_size, bytes);
    if (code != 0) return code;
    memcpy(out + done, bytes + start, count);
    done += count;
  }
  return (int)size;
}

static int says(const char *text, size_t size, const char *word) {
  return size == strlen(word) && memcmp(text, word, size) == 0;
}

static int command(const char *text, size_t size) {
  if (says(text, size, "forget"))
    forget();
  else if (says(text, size, "lie"))
    lies = 1;
  else if (says(text, size, "fail"))
    fails = 1;
  else if (says(text, size, "mend"))
    fails = 0;
  else
    return -EINVAL;
  return (int)size;
}

static int write_file(const char *path, const char *bytes, size_t size, off_t offset,
                      struct fuse_file_info *info) {
  (void)path;
  if (info->fh == (uint64_t)-1) return command(bytes, size);
  int descriptor = (int)info->fh;
  struct file *file = state(descriptor, 1);
  if (!file) return -ENOMEM;
  for (size_t done = 0; done < size;) {
    off_t at = offset + (off_t)done, start = at % page_size;
    size_t count = (size_t)least(page_size - start, (off_t)(size - done));
    struct page *page = page_to_write(descriptor, file, at / page_size);
    if (!page) return -ENOMEM;
    memcpy(page->bytes + start, bytes + done, count);
    done += count;
  }
  if (offset + (off_t)size > file->size) file->size = offset + (off_t)size;
  return (int)size;
}

static int truncate_file(const char *path, off_t size, struct fuse_file_info *info) {
  if (strcmp(path, control) == 0) return 0;
  if (info) return truncate_in_memory((int)info->fh, size);
  int descriptor = openat(backing, relative(path), O_RDWR | O_CLOEXEC);
  if (descriptor == -1) return -errno;
  int code = truncate_in_memory(descriptor, size);
  close(descriptor);
  return code;
}

static int sync_content(const char *path, int data_only, struct fuse_file_info *info) {
  (void)path, (void)data_only;
  return info->fh == (uint64_t)-1 ? 0 : sync_file((int)info->fh);
}

/// Names are durable already.
static int sync_directory(const char *path, int data_only, struct fuse_file_info *info) {
  (void)path, (void)data_only, (void)info;
  return 0;
}

static void *begin(struct fuse_conn_info *connection, struct fuse_config *configuration) {
  (void)connection;
  configuration->use_ino = 1;
  configuration->attr_timeout = configuration->entry_timeout = 0;
  configuration->negative_timeout = 0;
  return NULL;
}

static const struct fuse_operations operations = {
    .init = begin, .getattr = get_attributes, .readlink = read_link, .mkdir = make_directory,
    .symlink = make_link, .unlink = remove_file, .rmdir = remove_directory,
    .rename = rename_file, .link = link_file, .chmod = change_mode, .chown = change_owner,
    .utimens = change_times, .readdir = list, .statfs = statistics, .open = open_file,
    .create = create_file, .release = close_file, .read = read_file, .write = write_file,
    .truncate = truncate_file, .fsync = sync_content, .fsyncdir = sync_directory,
};

int main(int count, char **arguments) {
  if (count < 3) {
    fprintf(stderr, "usage: %s BACKING MOUNTPOINT [FUSE options]\n", arguments[0]);
    return 64;
  }
  backing = open(arguments[1], O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (backing == -1) {
    perror(arguments[1]);
    return 1;
  }
  umask(0);
  arguments[1] = arguments[0];
  return fuse_main(count - 1, arguments + 1, &operations, NULL);
}
