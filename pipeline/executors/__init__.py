"""How a collection is sent through the stages; one file an executor.

An executor is a function from a collection, stages and the run to an `Outcome`. A broken article
never costs a good one: one whose stage raises is marked `failed` and skips the rest; a stage that
fails on the whole collection is skipped and reported. Only articles with the status `ok` reach
`article` and `batch` stages; `collection` stages see all.
"""
