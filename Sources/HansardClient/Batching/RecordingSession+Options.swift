// Hansard
// SPDX-License-Identifier: Apache-2.0

extension RecordingSession {
  /// When batches are sent, and how much may wait. Values out of range are moved into it.
  public struct Options: Sendable {
    /// A batch is sent when so many events wait: 1–1000.
    public var batchEvents: Int
    /// A batch is sent when so many bytes wait, and has no more: up to 5 MiB.
    public var batchBytes: Int
    /// A batch is sent when its first event has waited so long.
    public var batchDelay: Duration
    /// So many events may wait or be under way before `record` suspends.
    public var capacityEvents: Int
    /// So many bytes may wait or be under way before `record` suspends; an event that is larger
    /// than that is let in alone.
    public var capacityBytes: Int
    /// The longest pause between tries while the service is away.
    public var longestPause: Duration
    /// Is told of each event that is not recorded and never will be, in their order. Called on the
    /// session: it should return soon.
    public var onFailure: @Sendable (EventFailure) -> Void
    /// Is given the receipts of each batch, in their order. Called on the session too.
    public var onReceipts: @Sendable ([HansardClient.Receipt]) -> Void

    /// Batches of 500 events or 1 MiB, after 200 ms at the latest; 10,000 events or 32 MiB may wait.
    public init(
      batchEvents: Int = 500, batchBytes: Int = 1 << 20, batchDelay: Duration = .milliseconds(200),
      capacityEvents: Int = 10_000, capacityBytes: Int = 32 << 20,
      longestPause: Duration = .seconds(15),
      onFailure: @escaping @Sendable (EventFailure) -> Void = { _ in },
      onReceipts: @escaping @Sendable ([HansardClient.Receipt]) -> Void = { _ in }
    ) {
      self.batchEvents = batchEvents
      self.batchBytes = batchBytes
      self.batchDelay = batchDelay
      self.capacityEvents = capacityEvents
      self.capacityBytes = capacityBytes
      self.longestPause = longestPause
      self.onFailure = onFailure
      self.onReceipts = onReceipts
    }

    /// Brackets, and a comma for each event, are part of a batch.
    var payloadBytes: Int {
      min(max(batchBytes, 1), HansardClient.batchByteLimit) - HansardClient.batchLimit - 2
    }

    var eventLimit: Int { min(max(batchEvents, 1), HansardClient.batchLimit) }
  }

  /// An event that was taken and is not recorded.
  public struct EventFailure: Sendable, Hashable {
    /// The event.
    public let event: HansardClient.Event
    /// Why: a problem whose `errors` are about this event alone, where the service named it.
    public let error: HansardClientError
  }

  /// What became of the events so far.
  public struct Progress: Sendable, Hashable {
    /// Events that `record` took.
    public var accepted = 0
    /// Those of them with a receipt.
    public var recorded = 0
    /// Those of them that `onFailure` was told of.
    public var failed = 0
    /// Why the last try did not succeed; nil after one that did.
    public var trouble: HansardClientError?

    /// Those that wait or are under way.
    public var pending: Int { accepted - recorded - failed }
  }
}
