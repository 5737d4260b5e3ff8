// Hansard
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation

extension Configuration {
  /// The configuration of this process; each problem is told on a line of its own, and the exit
  /// status is 78 then.
  static func ofProcess() throws -> Configuration {
    do throws(ConfigurationError) {
      return try Configuration(environment: ProcessInfo.processInfo.environment)
    } catch {
      Terminal.tell(error.description)
      throw ExitCode(ConfigurationError.exitStatus)
    }
  }

  /// Where a client on this machine reaches the address that is listened on, as it stands in a URL.
  var reachableHost: String {
    switch host {
    case "0.0.0.0", "::": "127.0.0.1"
    case _ where host.utf8.contains(UInt8(ascii: ":")): "[\(host)]"
    default: host
    }
  }
}
