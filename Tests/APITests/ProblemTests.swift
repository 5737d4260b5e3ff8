// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import HTTPTypes
import Protection
import Testing

@testable import API

@Suite struct ProblemTests {
  @Test(arguments: DomainError.Code.allCases)
  func knowsEveryCodeOfTheDomain(_ code: DomainError.Code) {
    #expect(ProblemCode(code).rawValue == code.rawValue)
    #expect(Problem(DomainError(code, "m", violations: [])).status == Self.statuses[code])
  }

  static let statuses: [DomainError.Code: Int] = [
    .unauthenticated: 401, .forbidden: 403, .notFound: 404, .recordingExpired: 410,
    .recordingNotOpen: 409, .keyNotLive: 409, .alreadyExists: 409, .validationFailed: 422,
    .eventMismatch: 422, .sessionExists: 409, .sessionExpired: 410, .sessionCleared: 410,
    .requestInProgress: 409, .eventTooLarge: 413, .badCursor: 422, .recordingDisabled: 503,
    .overloaded: 503,
    .databaseUnavailable: 503, .storageUnavailable: 503, .unsafeDatabase: 503,
    .outcomeUnknown: 503, .sealed: 503, .integrityFailure: 500, .internalError: 500,
    .changedMeanwhile: 412, .reviewTaken: 409, .reviewNotOpen: 409, .reviewNotClaimed: 409,
    .reviewNotDecided: 409, .recordingOpen: 409, .recordingHeld: 423, .recordingRetained: 409,
    .holdLifted: 409, .deletionPending: 409, .deletionDecided: 409, .auditUnavailable: 503,
    .reviewNeedsAnother: 409, .rateLimited: 429,
    .quotaExceeded: 429,
  ]

  @Test(arguments: ProblemCode.allCases) func hasATitleAndAnErrorStatusForEveryCode(
    _ code: ProblemCode
  ) {
    #expect((400...599).contains(code.entry.status))
    #expect(!code.entry.title.isEmpty)
    #expect(
      code.rawValue.utf8.allSatisfy {
        $0 == 0x5F || (0x61...0x7A).contains($0) || (0x30...0x39).contains($0)
      })
  }

  @Test func saysNothingOfErrorsThatAreNotTheDomains() {
    struct Secret: Error { var password = "hunter2" }
    let problem = Problem(Secret())
    #expect(problem.code == .internalError)
    #expect(!String(decoding: problem.json, as: UTF8.self).contains("hunter2"))
    let inside = Problem(DomainError(.internalError, "postgres server (sqlstate 22P02)"))
    #expect(inside.detail == problem.detail)
  }

  @Test func isNamedAfterAFaultThatAllViolationsShare() {
    let unknown = DomainError.Violation(pointer: "/a", code: "unknown_field", reason: "r")
    let long = DomainError.Violation(pointer: "/b", code: "too_long", reason: "r")
    let odd = DomainError.Violation(pointer: "/c", code: "never_heard_of", reason: "r")
    #expect(Problem.invalid([unknown, unknown]).code == .unknownField)
    #expect(Problem.invalid([unknown, long]).code == .validationFailed)
    #expect(Problem.invalid([odd]).code == .validationFailed)
    #expect(Problem(DomainError(.validationFailed, "m", violations: [long])).code == .tooLong)
    #expect(
      Problem(DomainError(.eventMismatch, "m", violations: [long])).code == .idempotencyMismatch)
  }

  @Test func isWrittenAsRFC9457Has() throws {
    let problem = Problem.invalid("/a\"\n", .tooLong, "r\u{2028}\u{1b}[31m")
    let root = try JSONDocument(parsing: problem.json).root
    let id = problem.request.description
    #expect(try root["type"]?.text() == "https://hansard.dev/problems/too_long")
    #expect(root["status"]?.integer() == 422)
    #expect(try root["code"]?.text() == "too_long")
    #expect(try root["request_id"]?.text() == id)
    #expect(try root["instance"]?.text() == "urn:uuid:\(id)")
    #expect(root["title"] != nil && root["detail"] != nil && root["reasons"] == nil)
    let error = root["errors"]?.elements.first { _ in true }
    #expect(try error?["pointer"]?.text() == "/a\"\n")
    #expect(try error?["code"]?.text() == "too_long")
    #expect(!problem.json.contains(0x0A))
  }

  @Test func carriesTheFieldsOfItsStatus() {
    #expect(Problem(.unauthenticated, "").fields[.wwwAuthenticate]?.hasPrefix("Bearer") == true)
    var wrongMethod = Problem(.methodNotAllowed, "")
    wrongMethod.allowed = [.get, .head]
    #expect(wrongMethod.fields[.allow] == "GET, HEAD")
    let waits = (0..<200).compactMap { _ in Problem(.overloaded, "").fields[.retryAfter] }
    #expect(Set(waits) == ["1", "2", "3"])
    var limited = DomainError(.quotaExceeded, "")
    #expect(["1", "2", "3"].contains(Problem(limited).fields[.retryAfter]))
    for (wait, seconds) in [(0, 1), (1, 1), (1000, 1), (1001, 2), (86_400_000, 86_400)] {
      limited.retryAfter = .milliseconds(wait)
      #expect(Problem(limited).fields[.retryAfter] == "\(seconds)")
    }
    let fields = Problem(.notFound, "").fields
    #expect(fields[.contentType] == "application/problem+json")
    #expect(fields[.cacheControl] == "no-store")
    #expect(fields[.xContentTypeOptions] == "nosniff")
    #expect(fields[.retryAfter] == nil)
  }

  @Test func namesTheRequestInHeadAndBody() {
    let problem = Problem(.notFound, "")
    #expect(problem.fields[.xRequestID] == problem.request.description)
    #expect(HTTPField.Name.xRequestID.rawName == "X-Request-Id")
    #expect(HTTPField.Name.link.rawName == "Link")
  }
}

@Suite struct SafePointerTests {
  @Test(arguments: [
    ("", ""), ("/a/0/b_c-d.e", "/a/0/b_c-d.e"), ("/a/<b>/c", "/a"), ("/<b>", ""), ("/a~1b", ""),
    ("/é", ""),
  ])
  func endsBeforeWhatIsNotPlain(_ pointer: String, _ safe: String) {
    #expect(SafePointer.prefix(of: pointer) == safe)
  }

  @Test(arguments: [("1048575", true), ("10485760", false), ("12-3", false), ("sha256", true)])
  func repeatsNumbersOnlyAsIndices(_ name: String, _ isRepeated: Bool) {
    #expect((SafePointer.segment(name) != nil) == isRepeated)
  }

  @Test func repeatsNoLongNames() {
    #expect(SafePointer.segment(String(repeating: "a", count: 19)) != nil)
    #expect(SafePointer.segment(String(repeating: "a", count: 20)) == nil)
  }
}
