import FoundationEssentials
import Grounding
import Retrieval

/// A request as the endpoint reads it: refused with a code, or valid and the same when written again.
func fuzzRequest(_ octets: [UInt8]) {
  do {
    let request = try RetrievalRequest(json: octets)
    let written = try JSONEncoder().encode(request)
    demand(try RetrievalRequest(json: Array(written)) == request, "a request survives writing")
  } catch let problem as Problem {
    demand(problem.code == .badRequest, "a request that cannot be read is a bad request")
    demand(!problem.detail.isEmpty && problem.remedy != nil, "a refusal says what to do")
  } catch {
    demand(false, "nothing but a Problem is thrown")
  }
}
