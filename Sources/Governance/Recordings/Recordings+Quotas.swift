// Hansard
// SPDX-License-Identifier: Apache-2.0

extension Recordings {
  /// Stores events within the tenant's quota. What was stored before does not count, nor does what is
  /// surely not stored.
  func withinQuota(_ request: AppendRequest) async throws -> [EventReceipt] {
    let allotment = try await limiter.take(
      request.events.count, of: .events, for: request.tenant)
    do {
      let receipts = try await writer.append(request)
      limiter.giveBack(receipts.count(where: \.isReplay), of: allotment)
      return receipts
    } catch {
      if !error.mayHaveBeenDone { limiter.giveBack(request.events.count, of: allotment) }
      throw error
    }
  }

  /// Starts a recording within the tenant's quota.
  ///
  /// - Parameters:
  ///   - hasStarted: Whether there is one more recording, by the answer.
  ///   - start: Starts one. It is given what to throw before it does, where the quota is used up: it
  ///     may turn out that there is nothing to start.
  func withinQuota<Answer>(
    _ caller: Caller, hasStarted: (Answer) -> Bool = { _ in true },
    _ start: (_ refusal: DomainError?) async throws -> Answer
  ) async throws -> Answer {
    var allotment: DailyLease.Allotment?
    var refusal: DomainError?
    do {
      allotment = try await limiter.take(1, of: .recordings, for: caller.tenant)
    } catch let error as DomainError where error.code == .quotaExceeded {
      refusal = error
    }
    do {
      let answer = try await start(refusal)
      if !hasStarted(answer) { limiter.giveBack(1, of: allotment) }
      return answer
    } catch {
      if !error.mayHaveBeenDone { limiter.giveBack(1, of: allotment) }
      throw error
    }
  }
}

extension Error {
  /// Whether what failed may have been done all the same.
  var mayHaveBeenDone: Bool {
    (self as? DomainError)?.code == .outcomeUnknown
  }
}
