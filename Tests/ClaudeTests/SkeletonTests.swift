import Testing
@testable import Claude

