// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection

/// A made-up agent session of the kind that Hansard is for: an agent reconciles invoices, asks for
/// permission twice, is refused once, runs into an error and recovers.
enum DemoSession {
  /// One event of the script.
  struct Step: Sendable {
    let type: String
    /// The JSON value of `event_data`.
    let data: [UInt8]
    /// The pause before it, in milliseconds, as a person would have seen it.
    let pause: Int
  }

  static let agent = "invoice-agent"
  static let canvas = "quarterly-close"
  /// The session that `run` plays once; `hansard demo` names each of its own.
  static let session = "demo-session"
  static let reason = "Reconcile the third quarter's invoices"

  /// The script, one JSON object per line: `{"pause":ms,"type":word,"data":{…}}`.
  static let script = #"""
    {"pause":0,"type":"operation_start","data":{"operation":"reconcile_invoices","period":"2026-Q3","requested_by":"alice","plan":["collect","match","report"]}}
    {"pause":600,"type":"view_switch","data":{"from":"home","to":"ledger","view":"spreadsheet"}}
    {"pause":400,"type":"integration_action","data":{"integration":"bank","action":"list_transactions","period":"2026-Q3","read_only":true}}
    {"pause":1800,"type":"integration_action","data":{"integration":"bank","action":"list_transactions","status":"ok","transactions":412}}
    {"pause":300,"type":"operation_update","data":{"operation":"reconcile_invoices","stage":"collect","progress":0.25}}
    {"pause":500,"type":"integration_action","data":{"integration":"mailbox","action":"search","query":"has:invoice after:2026-06-30","status":"ok","messages":388}}
    {"pause":900,"type":"canvas_update","data":{"component":"table","title":"Open invoices","rows":388,"columns":["number","supplier","amount","due"]}}
    {"pause":700,"type":"operation_update","data":{"operation":"reconcile_invoices","stage":"match","progress":0.5,"matched":371,"unmatched":17}}
    {"pause":1200,"type":"agent_request","data":{"request":"permission","permission":"read_document","document":"contracts/Nordwind GmbH.pdf","why":"Two invoices differ from the agreed price."}}
    {"pause":3500,"type":"user_input","data":{"kind":"decision","request":"read_document","decision":"granted","by":"alice"}}
    {"pause":800,"type":"integration_action","data":{"integration":"documents","action":"read","document":"contracts/Nordwind GmbH.pdf","status":"ok","pages":12}}
    {"pause":1500,"type":"canvas_update","data":{"component":"note","text":"Nordwind: price per pallet rose from 41.50 to 43.00 on 2026-08-01 (§ 7.2). Both invoices are right."}}
    {"pause":400,"type":"operation_update","data":{"operation":"reconcile_invoices","stage":"match","progress":0.7,"matched":373,"unmatched":15}}
    {"pause":900,"type":"view_switch","data":{"from":"spreadsheet","to":"terminal","view":"terminal"}}
    {"pause":600,"type":"integration_action","data":{"integration":"accounting","action":"export","format":"csv"}}
    {"pause":2000,"type":"error","data":{"operation":"export","error":"timeout","message":"The accounting system did not answer within 2 s.","attempt":1,"recoverable":true}}
    {"pause":1000,"type":"integration_action","data":{"integration":"accounting","action":"export","format":"csv","attempt":2,"status":"ok","bytes":88213}}
    {"pause":500,"type":"canvas_update","data":{"component":"chart","title":"Unmatched by supplier","series":[{"supplier":"Øresund A/S","count":9},{"supplier":"Kōbe Trading","count":6}]}}
    {"pause":1300,"type":"agent_request","data":{"request":"permission","permission":"send_email","to":"suppliers with unmatched invoices","count":2,"why":"To ask for the missing purchase order numbers."}}
    {"pause":4200,"type":"user_input","data":{"kind":"decision","request":"send_email","decision":"denied","by":"alice","comment":"I will call them myself."}}
    {"pause":300,"type":"operation_update","data":{"operation":"reconcile_invoices","stage":"report","progress":0.9,"skipped":["send_email"]}}
    {"pause":900,"type":"user_input","data":{"kind":"edit","component":"note","field":"text","by":"alice"}}
    {"pause":700,"type":"canvas_update","data":{"component":"report","title":"Third quarter: 373 of 388 matched","attachments":["unmatched.csv"]}}
    {"pause":400,"type":"view_switch","data":{"from":"terminal","to":"report","view":"document"}}
    {"pause":300,"type":"operation_complete","data":{"operation":"reconcile_invoices","matched":373,"unmatched":15,"permissions":{"asked":2,"granted":1,"denied":1},"errors":1}}
    """#

  /// The script, read. A line that is not as described throws: a test reads it.
  static func steps() throws -> [Step] {
    try script.split(separator: "\n").map { line in
      let root = try JSONDocument(parsing: Array(line.utf8)).root
      guard let type = try root["type"]?.text(), let data = root["data"],
        let pause = root["pause"]?.integer()
      else { throw CommandFailure("a line of the demonstration's script is malformed") }
      return Step(type: type, data: Array(data.rawBytes), pause: Int(pause))
    }
  }
}
