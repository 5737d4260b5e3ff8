// Hansard
// SPDX-License-Identifier: Apache-2.0

extension RecoveryAuditLogger {
  /// How much is kept while the service is away, and who is told of losses.
  public struct Options: Sendable {
    /// The most bytes on the disk. When they are used, new attempts are lost, and told to `onLoss`:
    /// what was kept first stays, in its order.
    public var bufferBytes: Int
    /// The longest pause between tries while the service is away.
    public var longestPause: Duration
    /// How long reading, such as `recoveryHistory`, waits for what has not arrived yet.
    public var readDelay: Duration
    /// How long entries are kept that the service forbids (403) while it takes no other one. Counted from the
    /// first refusal that this process saw.
    public var forbiddenPatience: Duration
    /// Is told of each attempt that is not logged and never will be. Called on the logger: it should
    /// return soon.
    public var onLoss: @Sendable (Loss) -> Void

    /// 64 MiB, 30 s, 5 s, and seven days, so that a key that lost its role over the holidays costs nothing.
    public init(
      bufferBytes: Int = 64 << 20, longestPause: Duration = .seconds(30),
      readDelay: Duration = .seconds(5), forbiddenPatience: Duration = .seconds(7 * 86_400),
      onLoss: @escaping @Sendable (Loss) -> Void = { _ in }
    ) {
      self.bufferBytes = bufferBytes
      self.longestPause = longestPause
      self.readDelay = readDelay
      self.forbiddenPatience = forbiddenPatience
      self.onLoss = onLoss
    }
  }

  /// What became of an attempt to log.
  public enum Outcome: Sendable, Hashable {
    /// It is on the disk, and will be sent under this entry id.
    case buffered(entryID: String)
    /// It is not, and `onLoss` was told.
    case lost(Loss.Reason)
  }

  /// An attempt that is not logged.
  public struct Loss: Sendable, Hashable {
    /// Why an attempt was lost.
    public enum Reason: Sendable, Hashable {
      /// It cannot be logged as it is.
      case invalid(HansardClientError)
      /// The buffer has its most bytes.
      case bufferFull
      /// The disk said no.
      case disk(HansardClientError)
      /// The service will not take it.
      case refused(HansardClientError)
      /// So many lines of the buffer could not be read: somebody, or the disk, changed them.
      case damaged(lines: Int)
      /// The logger was closed before.
      case closed
    }

    /// Its id, where it is known.
    public var entryID: String?
    /// Its session, where it is known.
    public var sessionID: String?
    /// Why.
    public var reason: Reason
  }

  /// Where the logger stands.
  public struct Status: Sendable, Hashable {
    /// Attempts and starts of sessions that were put into the buffer since it was opened.
    public var buffered = 0
    /// Those that the service has said it keeps, since it was opened.
    public var delivered = 0
    /// Attempts that were lost; lines that were damaged count as one each.
    public var lost = 0
    /// Why the last try did not succeed; nil after one that did.
    public var trouble: HansardClientError?
  }
}
