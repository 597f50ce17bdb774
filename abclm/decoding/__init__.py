"""The numpy decoder, sampling, batches, referee and likelihood. Knows ids and arrays, no ABC."""
