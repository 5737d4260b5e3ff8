// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import HTTPTypes

/// Answers the requests of one port: finds the route, checks what is the same for all of them,
/// reads the body, calls the handler and writes its answer, and reports each request once.
struct RequestResponder: Sendable {
  /// Settles who sent a token.
  typealias Authenticate = @Sendable (_ token: String) async throws -> Principal

  let router: Router
  let authenticate: Authenticate
  let observer: Observer
  let admission: Admission
  var limits = RequestLimits.none
  /// Settles who asked for a ticket, which is used up by that.
  var redeem: Authenticate = { _ in throw DomainError.unauthenticated }

  /// Answers one request.
  @discardableResult
  func respond(
    to request: IncomingRequest, _ writer: ResponseWriter
  ) async -> RequestDispatcher.Lasting? {
    var trace = RequestTrace(method: request.head.method)
    defer { leave(&trace) }
    let reply: Reply
    do {
      reply = try await answer(request, writer, &trace)
      // As it is now, with what the request itself has used.
      if !trace.limits.isEmpty, let principal = trace.principal {
        trace.limits = limits.standings(principal)
      }
    } catch {
      reply = self.reply(to: error, &trace)
    }
    if case .live(let body, let orElse) = reply.body, request.head.method != .head {
      return await hold(reply, body, orElse, writer, &trace)
    }
    await send(reply, of: request.head.method, writer, &trace)
    observer.observe(.requestFinished(trace.summary))
    return nil
  }

  /// Gives the request's place back.
  func leave(_ trace: inout RequestTrace) {
    guard trace.isAdmitted else { return }
    trace.isAdmitted = false
    admission.leave(returning: trace.bytesIn, of: trace.hasShare ? trace.principal?.tenant : nil)
  }

  /// The answer to an error: its problem, named after the request.
  func reply(to error: any Error, _ trace: inout RequestTrace) -> Reply {
    var problem = Problem(error)
    problem.request = trace.request
    trace.code = problem.code.rawValue
    if problem.code == .internalError {
      let what = (error as? DomainError)?.message ?? String(reflecting: type(of: error))
      observer.observe(.failedInside(request: trace.request, what: what))
    }
    return Reply(problem)
  }

  // MARK: Steps

  private func answer(
    _ request: IncomingRequest, _ writer: ResponseWriter, _ trace: inout RequestTrace
  ) async throws -> Reply {
    let target = RequestTarget(request.head.path ?? "")
    let (route, parameters) = try find(request.head.method, target, &trace)
    try checkExpectation(request.head.headerFields)
    switch route.handler {
    case .open(let handler):
      try checkAccept(request.head.headerFields, route)
      let exchange = try exchange(request.head, target, route, parameters, trace.request)
      return try await handler(exchange)
    case .authenticated(let handler):
      guard admission.enter() else { throw Problem.overloaded }
      trace.isAdmitted = true
      let principal = try await principal(of: request.head.headerFields, route)
      trace.principal = principal
      try await checkLimits(of: principal, route, request.head.headerFields, &trace)
      trace.hasShare = admission.enter(for: principal.tenant)
      guard trace.hasShare else { throw Problem.overloaded }
      try checkAccept(request.head.headerFields, route)
      var exchange = try exchange(request.head, target, route, parameters, trace.request)
      if route.method == .post {
        exchange.idempotencyKey = try IdempotencyKey.name(in: request.head.headerFields)
      }
      exchange.ifMatch = request.head.headerFields[.ifMatch]
      if route.body != .none {
        exchange.format = try route.body.check(request.head.headerFields)
        exchange.body = try await body(of: request, route.body, writer, &trace)
      }
      let caller = Caller(principal: principal, request: trace.request, peer: request.peer)
      let isLarge = exchange.body.count > Self.largeBody || route.operation?.readsContent ?? false
      guard isLarge else { return try await handler(exchange, caller) }
      return try await withTaskExecutorPreference(globalConcurrentExecutor) { [exchange] in
        try await handler(exchange, caller)
      }
    }
  }

  /// What has more bytes than this is not worked on by the event loop, which others wait for; nor is
  /// what reads content, since its answer may be large.
  private static let largeBody = 16 * 1024

  private func find(
    _ method: HTTPRequest.Method, _ target: RequestTarget, _ trace: inout RequestTrace
  ) throws -> (Route, [String]) {
    switch router.match(method, target) {
    case .route(let route, let parameters):
      trace.route = route.path
      return (route, parameters)
    case .wrongMethod(let path, let allowed):
      trace.route = path
      var problem = Problem(.methodNotAllowed, "The path does not have this method.")
      problem.allowed = allowed
      throw problem
    case .badEncoding:
      throw Problem(.malformedTarget, "The path is not percent-encoded UTF-8.")
    case .none:
      throw Problem(.notFound, "There is nothing at this path.")
    }
  }

  private func checkExpectation(_ fields: HTTPFields) throws(Problem) {
    guard fields[values: .expect].allSatisfy({ $0.lowercased() == "100-continue" }) else {
      throw Problem(.expectationFailed, "Only 100-continue can be expected.")
    }
  }

  private func checkAccept(_ fields: HTTPFields, _ route: Route) throws(Problem) {
    guard !route.isJSON || MediaType.acceptsJSON(fields[values: .accept]) else {
      throw Problem(.notAcceptable, "Answers are application/json.")
    }
  }

  /// Turns away whoever asks for more than its tenant's policy allows, before anything is read.
  private func checkLimits(
    of principal: Principal, _ route: Route, _ fields: HTTPFields, _ trace: inout RequestTrace
  ) async throws {
    guard let operation = route.operation else { return }
    let verdict = try await limits.admit(principal, operation, fields[.idempotencyKey] != nil)
    trace.limits = verdict.standings
    if let refusal = verdict.refusal { throw refusal }
  }

  private func principal(of fields: HTTPFields, _ route: Route) async throws -> Principal {
    let ticket = route.takesTickets ? try WebSocketProtocols.ticket(in: fields) : nil
    do {
      if let ticket { return try await redeem(ticket) }
      return try await authenticate(try BearerToken.token(in: fields))
    } catch let error as DomainError where error.code == .unauthenticated {
      // Whatever the authenticator found wrong, the answer is the same to the byte.
      throw BearerToken.refused
    }
  }

  private func exchange(
    _ head: HTTPRequest, _ target: RequestTarget, _ route: Route, _ parameters: [String],
    _ id: RequestID
  ) throws -> Exchange {
    let query = try QueryReader(target.query, known: route.query)
    try query.finish()
    return Exchange(
      request: id, parameters: parameters, query: query,
      path: "/" + target.segments.joined(separator: "/"), head: head, body: [], format: .json)
  }
}
