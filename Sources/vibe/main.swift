await SimulateClaudeCommand.main()
