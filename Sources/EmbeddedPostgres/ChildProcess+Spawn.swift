// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

extension ChildProcess {
  /// `posix_spawn` with default signals and none of our descriptors.
  static func spawn(_ launch: Launch) -> Result<Int32, EmbeddedPostgresError> {
    let program = launch.command.first ?? ""
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    redirect(&actions, output: launch.output)
    resetSignals(&attributes, ownSession: launch.ownSession)
    var processID: pid_t = 0
    let environment = launch.environment.map { "\($0.key)=\($0.value)" }.sorted()
    let code = withArgumentVector(launch.command) { arguments in
      withArgumentVector(environment) { variables in
        posix_spawn(&processID, program, &actions, &attributes, arguments, variables)
      }
    }
    guard code == 0 else {
      return .failure(.system(operation: "spawn", path: program, code: code))
    }
    return .success(processID)
  }

  private static func redirect(_ actions: inout posix_spawn_file_actions_t, output: Int32?) {
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    if let output {
      posix_spawn_file_actions_adddup2(&actions, output, 1)
      posix_spawn_file_actions_adddup2(&actions, output, 2)
    } else {
      posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
      posix_spawn_file_actions_adddup2(&actions, 1, 2)
    }
    // The child must not keep our sockets and files open beyond our own life. Closing a number
    // that is closed already is no error here.
    for descriptor in openDescriptors() where descriptor > 2 {
      posix_spawn_file_actions_addclose(&actions, descriptor)
    }
  }

  /// `POSIX_SPAWN_SETSID` of `spawn.h`, which the Swift overlay does not show.
  private static let setSession: Int32 = 0x80

  private static func openDescriptors() -> [Int32] {
    (ProcessTable.names(in: "/proc/self/fd") ?? []).compactMap { Int32($0) }
  }

  private static func resetSignals(_ attributes: inout posix_spawnattr_t, ownSession: Bool) {
    var none = sigset_t()
    var all = sigset_t()
    sigemptyset(&none)
    sigfillset(&all)
    // The kernel ignores these two for everybody; glibc refuses to reset them.
    sigdelset(&all, SIGKILL)
    sigdelset(&all, SIGSTOP)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    var flags = Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF)
    if ownSession { flags |= setSession }
    posix_spawnattr_setflags(&attributes, Int16(truncatingIfNeeded: flags))
  }

  /// Lends a NULL-terminated array of C strings for the length of the call.
  private static func withArgumentVector<T>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> T
  ) -> T {
    // Owner: this function. Each copy is freed on return, and `posix_spawn` keeps none of them.
    var pointers = strings.map { strdup($0) }
    pointers.append(nil)
    defer { for pointer in pointers { free(pointer) } }
    return body(pointers)
  }
}
