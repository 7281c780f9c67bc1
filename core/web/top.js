// A page that somebody goes to begins at its top: Streamlit keeps the last one's place.

let shown = null;  // the path of the page

export default ({ data }) => {
  if (shown !== null && shown !== data.page) {
    document.querySelector('[data-testid="stMain"]')?.scrollTo({ top: 0, behavior: "instant" });
  }
  shown = data.page;
};
