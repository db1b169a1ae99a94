/**
 * Fields of config.json that leave the computation of a logit alone: provenance, precision on loading, dropout and
 * initialisation (training only), token ids and settings of generation, outputs on request, heads of other tasks.
 */
export const HARMLESS_FIELDS: ReadonlySet<string> = new Set([
  ..."transformers_version torch_dtype dtype _name_or_path name_or_path _commit_hash tokenizer_class auto_map".split(
    " ",
  ),
  ..."use_cache initializer_range embedding_initializer_range initializer_factor gradient_checkpointing".split(
    " ",
  ),
  ..."_attn_implementation attn_implementation _attn_implementation_autoset torchscript use_bfloat16".split(
    " ",
  ),
  ..."attention_dropout hidden_dropout resid_pdrop embd_pdrop attn_pdrop dropout activation_dropout".split(
    " ",
  ),
  ..."resid_dropout residual_dropout embedding_dropout classifier_dropout layerdrop".split(" "),
  ..."bos_token_id eos_token_id pad_token_id sep_token_id decoder_start_token_id forced_bos_token_id".split(
    " ",
  ),
  ..."forced_eos_token_id prefix suppress_tokens begin_suppress_tokens bad_words_ids".split(" "),
  ..."max_length min_length do_sample early_stopping num_beams num_beam_groups diversity_penalty".split(" "),
  ..."temperature top_k top_p typical_p repetition_penalty length_penalty no_repeat_ngram_size".split(" "),
  ..."encoder_no_repeat_ngram_size num_return_sequences exponential_decay_length_penalty".split(" "),
  ..."remove_invalid_values return_dict return_dict_in_generate output_attentions output_hidden_states".split(
    " ",
  ),
  ..."output_scores output_router_logits id2label label2id num_labels problem_type finetuning_task".split(
    " ",
  ),
  ..."task_specific_params summary_type summary_use_proj summary_activation summary_first_dropout".split(" "),
  ..."summary_proj_to_labels unsloth_version unsloth_fixed model_max_length".split(" "),
  ..."cache_implementation chunk_size_feed_forward is_llama_config".split(" "),
]);
