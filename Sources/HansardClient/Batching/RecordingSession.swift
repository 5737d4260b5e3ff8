// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Appends to one recording in the background, in batches and in the order of `record`.
///
/// - **Order**: one batch is under way at a time; the next one begins behind it.
/// - **Back-pressure**: when as much waits as the options allow, `record` suspends.
/// - **Nothing is lost silently**: an event that was taken is recorded, or told to `onFailure`, or
///   given back by `close`. While the service is away, batches are tried again and again.
/// - **One bad event fails alone**: its batch is sent again without it.
/// - **Once**: events have ids and batches have names, so that repeating them records them once.
///
/// A session that is let go still sends what it took. What is in memory when the process ends is
/// gone: `flush` tells when it is not.
public actor RecordingSession {
  /// The recording that it appends to.
  public nonisolated let recordingID: String
  let client: HansardClient
  let options: Options

  /// What waits, in order; `batch` is what is under way, taken from its front.
  var queue: [HansardClient.Event] = []
  var batch: [HansardClient.Event] = []
  private var heldBytes = 0
  /// What became of the events so far.
  public private(set) var progress = Progress()
  private var writers: [Waiter] = []
  private var flushers: [Flusher] = []
  private var nextWaiter = 0
  private var isClosed = false
  /// Whether what waits is sent without waiting for more; and whether it is being waited for.
  private var isHurried = false
  private var isGathering = false
  private var sender: Task<Void, Never>?
  private var nap: Task<Void, Never>?

  private struct Waiter {
    let id: Int
    let event: HansardClient.Event
    let continuation: CheckedContinuation<HansardClientError?, Never>
  }

  private struct Flusher {
    let id: Int
    /// How many events must have been settled.
    let goal: Int
    let continuation: CheckedContinuation<HansardClientError?, Never>
  }

  init(recordingID: String, client: HansardClient, options: Options) {
    self.recordingID = recordingID
    self.client = client
    self.options = options
  }
}

extension HansardClient {
  /// A session that appends to a recording in batches. Throws `invalidInput` for what is no id.
  public func session(
    for recording: String, options: RecordingSession.Options = .init()
  ) throws(HansardClientError) -> RecordingSession {
    _ = try Self.path(recording, "")
    return RecordingSession(recordingID: recording, client: self, options: options)
  }
}

// MARK: - What the caller does

extension RecordingSession {
  /// Takes an event, as soon as there is room for it.
  ///
  /// Throws `cancelled` or `closed` when that comes before there was room: the event was not taken.
  public func record(_ event: HansardClient.Event) async throws(HansardClientError) {
    guard !isClosed else { throw .closed }
    guard writers.isEmpty, hasRoom(for: event) else { return try await waitForRoom(event) }
    guard !Task.isCancelled else { throw .cancelled }
    take(event)
  }

  /// The same for a caller that cannot wait: throws `bufferFull`.
  public func recordIfRoom(_ event: HansardClient.Event) throws(HansardClientError) {
    guard !isClosed else { throw .closed }
    guard writers.isEmpty, hasRoom(for: event) else { throw .bufferFull }
    take(event)
  }

  /// Waits until everything that was taken before has its receipt or was told to `onFailure`.
  ///
  /// Throws `timeout` when that takes longer than `limit`, and `cancelled`: nothing is lost by either.
  @discardableResult
  public func flush(within limit: Duration? = nil) async throws(HansardClientError) -> Progress {
    let goal = progress.accepted
    if settled < goal {
      hurry()
      if let error = await waitUntilSettled(goal, limit) { throw error }
    }
    return progress
  }

  /// Takes no more events, sends what waits, and ends.
  ///
  /// Throws `undelivered` with the events that could not be delivered within `limit`, in their order,
  /// which are the caller's again; the first of them may have been recorded. Further calls return at
  /// once.
  @discardableResult
  public func close(
    within limit: Duration = .seconds(60)
  ) async throws(HansardClientError) -> Progress {
    isClosed = true
    for writer in writers { writer.continuation.resume(returning: .closed) }
    writers.removeAll()
    do throws(HansardClientError) {
      return try await flush(within: limit)
    } catch {
      let sender = sender
      sender?.cancel()
      nap?.cancel()
      await sender?.value
      let rest = batch + queue
      guard !rest.isEmpty else { return progress }
      giveBack(rest)
      throw .undelivered(rest)
    }
  }

  private func giveBack(_ rest: [HansardClient.Event]) {
    batch = []
    queue = []
    heldBytes = 0
    progress.accepted -= rest.count
    settleFlushers()
  }
}

// MARK: - Room

extension RecordingSession {
  private var held: Int { queue.count + batch.count }

  private func hasRoom(for event: HansardClient.Event) -> Bool {
    held == 0
      || held < options.capacityEvents && heldBytes + event.encoded.count <= options.capacityBytes
  }

  private func take(_ event: HansardClient.Event) {
    queue.append(event)
    heldBytes += event.encoded.count
    progress.accepted += 1
    if sender == nil {
      sender = Task { await self.sendAll() }
    } else if isGathering, isDue {
      nap?.cancel()
    }
  }

  private func waitForRoom(_ event: HansardClient.Event) async throws(HansardClientError) {
    let id = newID()
    let error = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        writers.append(Waiter(id: id, event: event, continuation: continuation))
      }
    } onCancel: {
      Task { await self.abandon(writer: id) }
    }
    if let error { throw error }
  }

  private func abandon(writer id: Int) {
    guard let index = writers.firstIndex(where: { $0.id == id }) else { return }
    writers.remove(at: index).continuation.resume(returning: .cancelled)
    letIn()
  }

  /// Lets those in who wait, the first first.
  private func letIn() {
    while let writer = writers.first, hasRoom(for: writer.event) {
      writers.removeFirst()
      take(writer.event)
      writer.continuation.resume(returning: nil)
    }
  }

  private func newID() -> Int {
    nextWaiter &+= 1
    return nextWaiter
  }
}

// MARK: - Waiting for receipts

extension RecordingSession {
  private var settled: Int { progress.recorded + progress.failed }

  private func waitUntilSettled(_ goal: Int, _ limit: Duration?) async -> HansardClientError? {
    let id = newID()
    let timer = limit.map { limit in
      Task {
        // Cancelled is all it can be, and then nobody waits any more.
        try? await Task.sleep(for: limit)
        self.abandon(flusher: id, because: .timeout)
      }
    }
    defer { timer?.cancel() }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        flushers.append(Flusher(id: id, goal: goal, continuation: continuation))
      }
    } onCancel: {
      Task { await self.abandon(flusher: id, because: .cancelled) }
    }
  }

  private func abandon(flusher id: Int, because error: HansardClientError) {
    guard let index = flushers.firstIndex(where: { $0.id == id }) else { return }
    flushers.remove(at: index).continuation.resume(returning: error)
  }

  private func settleFlushers() {
    let done = flushers.filter { $0.goal <= settled || held == 0 }
    flushers.removeAll { $0.goal <= settled || held == 0 }
    for flusher in done { flusher.continuation.resume(returning: nil) }
  }
}

// MARK: - Sending

extension RecordingSession {
  private var isDue: Bool {
    isHurried || isClosed || queue.count >= options.eventLimit || heldBytes >= options.payloadBytes
  }

  private func hurry() {
    isHurried = true
    nap?.cancel()
  }

  /// Sends until nothing waits. Holds the session as long as it has something to send.
  private func sendAll() async {
    while !queue.isEmpty, !Task.isCancelled {
      isGathering = true
      if !isDue { await rest(for: options.batchDelay) }
      isGathering = false
      takeBatch()
      await sendBatch()
      letIn()
      settleFlushers()
    }
    isHurried = false
    sender = nil
  }

  private func takeBatch() {
    var bytes = 0
    var count = 0
    for event in queue {
      bytes += event.encoded.count
      guard count < options.eventLimit, count == 0 || bytes <= options.payloadBytes else { break }
      count += 1
    }
    batch = Array(queue.prefix(count))
    queue.removeFirst(count)
  }

  /// Sleeps, unless somebody is in a hurry.
  func rest(for pause: Duration) async {
    // Ended early by cancellation, which is a wish to go on.
    let nap = Task { _ = try? await Task.sleep(for: pause) }
    self.nap = nap
    await nap.value
    self.nap = nil
  }

  /// Notes what became of the first events of the batch, which leave it.
  func settle(receipts: [HansardClient.Receipt]) {
    drop(receipts.count)
    progress.recorded += receipts.count
    progress.trouble = nil
    options.onReceipts(receipts)
  }

  /// Notes that an event of the batch will not be recorded.
  func settle(failure error: HansardClientError, at index: Int) {
    guard batch.indices.contains(index) else { return }
    let event = batch.remove(at: index)
    heldBytes -= event.encoded.count
    progress.failed += 1
    options.onFailure(EventFailure(event: event, error: error))
  }

  func note(trouble: HansardClientError) {
    progress.trouble = trouble
  }

  private func drop(_ count: Int) {
    for event in batch.prefix(count) { heldBytes -= event.encoded.count }
    batch.removeFirst(min(count, batch.count))
  }
}
