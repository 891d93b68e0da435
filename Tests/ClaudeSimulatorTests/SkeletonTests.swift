import Testing
@testable import ClaudeSimulator

