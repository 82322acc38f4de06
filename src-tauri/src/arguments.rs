//! What the window can be started with.

/// `--sample`: straight into the sample book.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Arguments {
    pub sample: bool,
}

impl Arguments {
    /// Fails with words for whoever typed them.
    pub fn read(typed: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut arguments = Self::default();
        for argument in typed {
            match argument.as_str() {
                "--sample" => arguments.sample = true,
                other => {
                    return Err(format!("\"{other}\" is no argument of the window's. It takes --sample, or none."));
                }
            }
        }
        Ok(arguments)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(typed: &[&str]) -> Result<Arguments, String> {
        Arguments::read(typed.iter().map(|argument| (*argument).to_owned()))
    }

    #[test]
    fn the_sample_is_all_that_can_be_asked_for() {
        assert_eq!(read(&[]), Ok(Arguments { sample: false }));
        assert_eq!(read(&["--sample"]), Ok(Arguments { sample: true }));
        assert!(read(&["--sampel"]).expect_err("refused").contains("\"--sampel\""));
    }
}
