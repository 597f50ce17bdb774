"""The numpy decoder, sampling, batches, referee, likelihood: ids and arrays, no ABC."""
