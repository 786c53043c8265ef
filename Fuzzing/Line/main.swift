// Lines of every dialect, as the daemon gives them to a source's parser.
import FuzzDriver

@testable import Harness

fuzz { try NetworkLogsHarness().checkLine($0) }
