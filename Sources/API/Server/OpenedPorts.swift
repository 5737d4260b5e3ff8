// Hansard
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Waits for both ports to be open and reports them together.
final class OpenedPorts: Sendable {
  private let ports = Mutex<(main: Int?, admin: Int?)>((nil, nil))
  private let onOpen: @Sendable (ListeningPorts) -> Void

  /// `onOpen` is called once.
  init(_ onOpen: @escaping @Sendable (ListeningPorts) -> Void) {
    self.onOpen = onOpen
  }

  /// The main port is open.
  func main(_ port: Int) { note { $0.main = port } }

  /// The admin port is open.
  func admin(_ port: Int) { note { $0.admin = port } }

  private func note(_ change: (inout (main: Int?, admin: Int?)) -> Void) {
    let opened = ports.withLock { ports in
      change(&ports)
      guard let main = ports.main, let admin = ports.admin else { return ListeningPorts?.none }
      return ListeningPorts(main: main, admin: admin)
    }
    if let opened { onOpen(opened) }
  }
}
